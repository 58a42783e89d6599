import { randomUUID } from 'node:crypto';
import type { BusEntry, Cloud } from '../../../core/cloud.ts';
import type { StateNamespace } from '../../../core/state.ts';
import { lambdaActionPayload, stateChangeEvent, topicActionPayload } from './event.ts';
import type { AlarmRecord, AlarmStateRecord, HistoryItem, HistoryType } from './record.ts';
import type { AlarmSettings } from './settings.ts';

/** What must still reach the world because an alarm changed; written together with the change. */
export type OutboxEntry =
  | { kind: 'event'; entry: Omit<BusEntry, 'time'>; time: number }
  | { kind: 'action'; alarmName: string; target: string; payload: object };

type Write = { put: string; value: unknown } | { delete: string };

export type NewState = Pick<AlarmStateRecord, 'value' | 'reason' | 'reasonData'>;

/** The alarms of the cloud: in memory for reading, on disk before any change is visible. */
export interface AlarmRegister {
  all(): AlarmRecord[];
  get(name: string): AlarmRecord | undefined;
  /** Sets an alarm up or changes it; an existing one keeps its state. Nothing is written when nothing changes. */
  put(settings: AlarmSettings, tags?: Record<string, string>): Promise<AlarmRecord>;
  remove(name: string): Promise<void>;
  /** Records a state; when its value changes, also the history, the event and the actions, all or none. */
  changeState(
    name: string,
    change: (alarm: AlarmRecord) => NewState | undefined,
    heldUntil?: number,
  ): Promise<boolean>;
  history(alarmName?: string): Promise<HistoryItem[]>;
  recordAction(alarmName: string, summary: string): Promise<void>;
  outbox(): Promise<{ key: string; value: OutboxEntry }[]>;
  delivered(key: string): Promise<void>;
  forgetHistory(before: number): Promise<void>;
}

const HISTORY_SUMMARY_LIMIT = 255;

function alarmKey(name: string): string {
  return `alarm/${encodeURIComponent(name)}`;
}

export async function createAlarmRegister(cloud: Cloud): Promise<AlarmRegister> {
  const state: StateNamespace = cloud.state.namespace('cloudwatch');
  const alarms = new Map<string, AlarmRecord>();
  for (const { value } of await state.list<AlarmRecord>('alarm/'))
    alarms.set(value.settings.AlarmName, value);
  let counter = 0;
  /** Changes of one alarm happen one after the other. */
  const queues = new Map<string, Promise<unknown>>();

  function inTurn<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const result = (queues.get(name) ?? Promise.resolve()).then(work, work);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    queues.set(name, settled);
    void settled.then(() => {
      if (queues.get(name) === settled) queues.delete(name);
    });
    return result;
  }

  /** Orders what happens in one millisecond, also across restarts. */
  function moment(time: number): string {
    counter += 1;
    return `${String(time).padStart(15, '0')}-${String(counter).padStart(8, '0')}-${randomUUID().slice(0, 8)}`;
  }

  function historyWrite(
    alarmName: string,
    time: number,
    type: HistoryType,
    summary: string,
    data: object,
  ): Write {
    const item: HistoryItem = {
      alarmName,
      time,
      type,
      summary: summary.slice(0, HISTORY_SUMMARY_LIMIT),
      data: JSON.stringify({
        version: '1.0',
        type: { ConfigurationUpdate: 'Update', StateUpdate: 'StateUpdate', Action: 'Action' }[type],
        ...data,
      }),
    };
    return { put: `history/${encodeURIComponent(alarmName)}/${moment(time)}`, value: item };
  }

  function outboxWrites(alarm: AlarmRecord, previous: AlarmStateRecord): Write[] {
    const { settings } = alarm;
    const actions = {
      OK: settings.OKActions,
      ALARM: settings.AlarmActions,
      INSUFFICIENT_DATA: settings.InsufficientDataActions,
    }[alarm.state.value];
    const entries: OutboxEntry[] = [
      { kind: 'event', entry: stateChangeEvent(alarm, previous), time: alarm.state.updated },
    ];
    for (const target of settings.ActionsEnabled ? actions : []) {
      const isFunction = target.startsWith('arn:aws:lambda:');
      entries.push({
        kind: 'action',
        alarmName: settings.AlarmName,
        target,
        payload: (isFunction ? lambdaActionPayload : topicActionPayload)(alarm, previous, cloud),
      });
    }
    return entries.map((value) => ({ put: `outbox/${moment(alarm.state.updated)}`, value }));
  }

  return {
    all: () => [...alarms.values()].sort((a, b) => (a.settings.AlarmName < b.settings.AlarmName ? -1 : 1)),
    get: (name) => alarms.get(name),

    put: (settings, tags = {}) =>
      inTurn(settings.AlarmName, async () => {
        const name = settings.AlarmName;
        const existing = alarms.get(name);
        const now = Date.now();
        if (existing && JSON.stringify(existing.settings) === JSON.stringify(settings)) return existing;
        const alarm: AlarmRecord = {
          arn: `arn:aws:cloudwatch:${cloud.region}:${cloud.accountId}:alarm:${name}`,
          metricId: randomUUID(),
          state: {
            value: 'INSUFFICIENT_DATA',
            reason: 'Unchecked: Initial alarm creation',
            updated: now,
            transitioned: now,
          },
          tags,
          ...existing,
          settings,
          configured: now,
        };
        const summary = `Alarm "${name}" ${existing ? 'updated' : 'created'}`;
        await state.batch([
          { put: alarmKey(name), value: alarm },
          historyWrite(name, now, 'ConfigurationUpdate', summary, {
            type: existing ? 'Update' : 'Create',
            updatedAlarm: settings,
          }),
        ]);
        alarms.set(name, alarm);
        return alarm;
      }),

    remove: (name) =>
      inTurn(name, async () => {
        const existing = alarms.get(name);
        if (!existing) return;
        await state.batch([
          { delete: alarmKey(name) },
          historyWrite(name, Date.now(), 'ConfigurationUpdate', `Alarm "${name}" deleted`, {
            type: 'Delete',
            deletedAlarm: existing.settings,
          }),
        ]);
        alarms.delete(name);
      }),

    changeState: (name, change, heldUntil) =>
      inTurn(name, async () => {
        const existing = alarms.get(name);
        const next = existing && change(existing);
        if (!existing || !next) return false;
        const now = Date.now();
        const changes = next.value !== existing.state.value;
        const { heldUntil: _held, ...kept } = existing;
        const alarm: AlarmRecord = {
          ...kept,
          ...(heldUntil === undefined ? {} : { heldUntil }),
          state: { ...next, updated: now, transitioned: changes ? now : existing.state.transitioned },
        };
        const writes: Write[] = [{ put: alarmKey(name), value: alarm }];
        if (changes) {
          const summary = `Alarm updated from ${existing.state.value} to ${next.value}`;
          const told = (each: NewState) => ({
            stateValue: each.value,
            stateReason: each.reason,
            ...(each.reasonData === undefined
              ? {}
              : { stateReasonData: JSON.parse(each.reasonData) as unknown }),
          });
          writes.push(
            historyWrite(name, now, 'StateUpdate', summary, {
              oldState: told(existing.state),
              newState: told(next),
            }),
            ...outboxWrites(alarm, existing.state),
          );
        }
        await state.batch(writes);
        alarms.set(name, alarm);
        return changes;
      }),

    async history(alarmName) {
      const prefix = alarmName === undefined ? 'history/' : `history/${encodeURIComponent(alarmName)}/`;
      const entries = await state.list<HistoryItem>(prefix);
      return entries.map(({ value }) => value).sort((a, b) => a.time - b.time);
    },
    recordAction: (alarmName, summary) =>
      state.batch([historyWrite(alarmName, Date.now(), 'Action', summary, {})]),
    outbox: () => state.list<OutboxEntry>('outbox/'),
    delivered: (key) => state.delete(key),
    async forgetHistory(before) {
      const entries = await state.list<HistoryItem>('history/');
      const old = entries.filter(({ value }) => value.time < before);
      if (old.length > 0) await state.batch(old.map(({ key }) => ({ delete: key })));
    },
  };
}
