import type { Actor, Moment, Severity } from '../types.ts';

/** What a person says about a channel when they create or change it. */
export interface ChannelDefinition {
  name: string;
  kind: 'webhook';
  url: string;
  severities: readonly Severity[];
  moments: readonly Moment[];
  /** For how many minutes nobody has acknowledged an alert that is escalated; 15 when absent. */
  escalateAfter?: number;
  /** Where the links in messages lead. */
  consoleUrl?: string;
}

export interface NotificationChannel extends ChannelDefinition {
  notificationChannelId: string;
  enabled: boolean;
  version: number;
  createdAt: string;
  createdBy: Actor;
  changedAt: string;
  secretRotatedAt: string;
  lastTest?: ChannelTest;
  lastDeliveredAt?: string;
  lastFailure?: { at: string; reason: string };
  /** Of the 25 messages that changed last. */
  recentlyFailed: number;
}

/** A test message; without an outcome it is on its way. */
export interface ChannelTest {
  test: number;
  requestedAt: string;
  outcome?: 'delivered' | 'failed';
  status?: number;
  reason?: string;
  milliseconds?: number;
  at?: string;
}
