import { randomUUID } from 'node:crypto';
import type { BusEntry, Cloud } from '../../../core/cloud.ts';
import type { StateNamespace } from '../../../core/state.ts';
import { validation } from '../input.ts';
import { alarmNameOf } from './composite/rule.ts';
import type { CompositeSettings } from './composite/settings.ts';
import { suppress } from './composite/suppression.ts';
import { configurationEvent, lambdaActionPayload, stateChangeEvent, topicActionPayload } from './event.ts';
import {
  type AlarmRecord,
  type AlarmStateRecord,
  type CompositeAlarmRecord,
  type HistoryItem,
  type HistoryType,
  isComposite,
} from './record.ts';
import type { AlarmSettings } from './settings.ts';

/** What must still reach the world because an alarm changed; written together with the change. */
export type OutboxEntry =
  | { kind: 'event'; entry: Omit<BusEntry, 'time'>; time: number }
  | { kind: 'action'; alarmName: string; target: string; payload: object };

type Write = { put: string; value: unknown } | { delete: string };

type Settings = AlarmSettings | CompositeSettings;

/** What keeps a state that was set by hand: a time, or how the alarms of a composite alarm look. */
export interface Hold {
  heldUntil?: number;
  heldAgainst?: string;
}

export type NewState = Pick<AlarmStateRecord, 'value' | 'reason' | 'reasonData'>;

/** The alarms of the cloud: in memory for reading, on disk before any change is visible. */
export interface AlarmRegister {
  all(): AlarmRecord[];
  get(name: string): AlarmRecord | undefined;
  /**
   * Sets an alarm up or changes it; an existing one keeps its state. Nothing is written when nothing changes.
   * Throws `ValidationError` where an alarm of the other kind has the name.
   */
  put(settings: Settings, tags?: Record<string, string>): Promise<AlarmRecord>;
  /** Those that it has from now on, and no others. */
  putTags(name: string, tags: Record<string, string>): Promise<void>;
  remove(name: string): Promise<void>;
  /** Records a state; when its value changes, also the history, the event and the actions, all or none. */
  changeState(
    name: string,
    change: (alarm: AlarmRecord) => NewState | undefined,
    hold?: Hold,
  ): Promise<boolean>;
  /** Records what has become of the suppression of a composite alarm's actions, and the actions that are due. */
  settleSuppression(name: string): Promise<void>;
  history(alarmName?: string): Promise<HistoryItem[]>;
  recordAction(alarmName: string, summary: string): Promise<void>;
  outbox(): Promise<{ key: string; value: OutboxEntry }[]>;
  delivered(key: string): Promise<void>;
  forgetHistory(before: number): Promise<void>;
}

const HISTORY_SUMMARY_LIMIT = 255;

/** A state as the history tells it. */
const told = ({ value, reason, reasonData }: NewState) => ({
  stateValue: value,
  stateReason: reason,
  ...(reasonData === undefined ? {} : { stateReasonData: JSON.parse(reasonData) as unknown }),
});

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

  function isCompositeNamed(name: string): boolean {
    const alarm = alarms.get(name);
    return alarm !== undefined && isComposite(alarm);
  }

  function historyWrite(
    alarmName: string,
    time: number,
    type: HistoryType,
    summary: string,
    data: object,
    isOfComposite = isCompositeNamed(alarmName),
  ): Write {
    const item: HistoryItem = {
      alarmName,
      ...(isOfComposite ? { isComposite: true } : {}),
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

  function eventWrite(entry: Omit<BusEntry, 'time'>, time: number): Write {
    const value: OutboxEntry = { kind: 'event', entry, time };
    return { put: `outbox/${moment(time)}`, value };
  }

  /** The actions of the state that the alarm has. */
  function actionWrites(alarm: AlarmRecord, previous: AlarmStateRecord): Write[] {
    const { settings } = alarm;
    const actions = {
      OK: settings.OKActions,
      ALARM: settings.AlarmActions,
      INSUFFICIENT_DATA: settings.InsufficientDataActions,
    }[alarm.state.value];
    return (settings.ActionsEnabled ? actions : []).map((target) => {
      const isFunction = target.startsWith('arn:aws:lambda:');
      const payload = (isFunction ? lambdaActionPayload : topicActionPayload)(alarm, previous, cloud);
      const value: OutboxEntry = { kind: 'action', alarmName: settings.AlarmName, target, payload };
      return { put: `outbox/${moment(alarm.state.updated)}`, value };
    });
  }

  /** The actions that are due, and the alarm with what is kept of those that are not. */
  function suppressed(
    alarm: AlarmRecord,
    before: AlarmStateRecord | undefined,
    now: number,
  ): { alarm: AlarmRecord; act?: AlarmStateRecord | undefined } {
    if (!isComposite(alarm) || alarm.settings.ActionsSuppressor === undefined) return { alarm, act: before };
    const {
      ActionsSuppressor,
      ActionsSuppressorWaitPeriod = 0,
      ActionsSuppressorExtensionPeriod = 0,
    } = alarm.settings;
    const { suppression: current, ...kept } = alarm;
    const { suppression, act } = suppress(current, {
      now,
      isSuppressorInAlarm: alarms.get(alarmNameOf(ActionsSuppressor))?.state.value === 'ALARM',
      before,
      waitPeriod: ActionsSuppressorWaitPeriod * 1_000,
      extensionPeriod: ActionsSuppressorExtensionPeriod * 1_000,
    });
    return { alarm: { ...kept, ...(suppression ? { suppression } : {}) }, act };
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
        const isOfComposite = 'AlarmRule' in settings;
        if (existing && isComposite(existing) !== isOfComposite) {
          throw validation(`The alarm ${name} is a ${isOfComposite ? 'metric' : 'composite'} alarm.`);
        }
        const {
          heldAgainst: _held,
          suppression: _suppression,
          ...kept
        }: Partial<CompositeAlarmRecord> = existing && isComposite(existing) ? existing : {};
        const alarm = {
          arn: `arn:aws:cloudwatch:${cloud.region}:${cloud.accountId}:alarm:${name}`,
          metricId: randomUUID(),
          state: {
            value: 'INSUFFICIENT_DATA',
            reason: 'Unchecked: Initial alarm creation',
            updated: now,
            transitioned: now,
          },
          tags,
          ...(isOfComposite ? kept : existing),
          settings,
          configured: now,
        } as AlarmRecord;
        const summary = `Alarm "${name}" ${existing ? 'updated' : 'created'}`;
        await state.batch([
          { put: alarmKey(name), value: alarm },
          historyWrite(
            name,
            now,
            'ConfigurationUpdate',
            summary,
            {
              type: existing ? 'Update' : 'Create',
              updatedAlarm: settings,
            },
            isOfComposite,
          ),
          eventWrite(configurationEvent(alarm, existing ? 'update' : 'create', existing), now),
        ]);
        alarms.set(name, alarm);
        return alarm;
      }),

    remove: (name) =>
      inTurn(name, async () => {
        const existing = alarms.get(name);
        if (!existing) return;
        const now = Date.now();
        await state.batch([
          { delete: alarmKey(name) },
          eventWrite(configurationEvent(existing, 'delete'), now),
          historyWrite(name, now, 'ConfigurationUpdate', `Alarm "${name}" deleted`, {
            type: 'Delete',
            deletedAlarm: existing.settings,
          }),
        ]);
        alarms.delete(name);
      }),

    putTags: (name, tags) =>
      inTurn(name, async () => {
        const existing = alarms.get(name);
        if (!existing || JSON.stringify(existing.tags) === JSON.stringify(tags)) return;
        const alarm = { ...existing, tags };
        await state.put(alarmKey(name), alarm);
        alarms.set(name, alarm);
      }),

    changeState: (name, change, hold = {}) =>
      inTurn(name, async () => {
        const existing = alarms.get(name);
        const next = existing && change(existing);
        if (!existing || !next) return false;
        const now = Date.now();
        const changes = next.value !== existing.state.value;
        // What was due before is told of the state that it was due for.
        const due = changes ? suppressed(existing, undefined, now) : { alarm: existing };
        const { heldUntil: _until, heldAgainst: _against, ...kept } = due.alarm as AlarmRecord & Hold;
        const changed = {
          ...kept,
          ...hold,
          state: { ...next, updated: now, transitioned: changes ? now : existing.state.transitioned },
        } as AlarmRecord;
        const { alarm, act } = changes ? suppressed(changed, existing.state, now) : { alarm: changed };
        const writes: Write[] = [{ put: alarmKey(name), value: alarm }];
        if (changes) {
          const summary = `Alarm updated from ${existing.state.value} to ${next.value}`;
          writes.push(
            historyWrite(name, now, 'StateUpdate', summary, {
              oldState: told(existing.state),
              newState: told(next),
            }),
            eventWrite(
              stateChangeEvent(
                alarm,
                existing.state,
                isComposite(existing) ? existing.suppression : undefined,
              ),
              now,
            ),
          );
        }
        if (due.act) writes.push(...actionWrites(existing, due.act));
        if (act) writes.push(...actionWrites(alarm, act));
        await state.batch(writes);
        alarms.set(name, alarm);
        return changes;
      }),

    settleSuppression: (name) =>
      inTurn(name, async () => {
        const existing = alarms.get(name);
        if (!existing) return;
        const { alarm, act } = suppressed(existing, undefined, Date.now());
        if (JSON.stringify(alarm) === JSON.stringify(existing)) return;
        await state.batch([{ put: alarmKey(name), value: alarm }, ...(act ? actionWrites(alarm, act) : [])]);
        alarms.set(name, alarm);
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
