import { type Input, validation } from '../../input.ts';
import { isComposite } from '../record.ts';
import type { AlarmRegister } from '../register.ts';
import { dependsOn } from './evaluation.ts';
import { alarmNameOf, alarmsOf, parseRule } from './rule.ts';
import { type CompositeSettings, readCompositeSettings } from './settings.ts';

/** Throws unless the alarms that a composite alarm names are there. Cycles may be made, and are never evaluated. */
export function checkReferences(register: AlarmRegister, settings: CompositeSettings): void {
  const isAbsent = (name: string) => name !== settings.AlarmName && !register.get(name);
  const absent = alarmsOf(parseRule(settings.AlarmRule)).filter(isAbsent);
  if (absent.length > 0) {
    throw validation(
      `Could not save the composite alarm as alarms [${absent.join(', ')}] in the alarm rule do not exist`,
    );
  }
  const suppressor = settings.ActionsSuppressor;
  if (suppressor !== undefined && isAbsent(alarmNameOf(suppressor))) {
    throw validation(
      `Could not save the composite alarm as its actions suppressor ${suppressor} does not exist`,
    );
  }
}

/** PutCompositeAlarm; answers the name. */
export async function putCompositeAlarm(
  register: AlarmRegister,
  input: Input,
  tags: Record<string, string>,
): Promise<string> {
  const settings = readCompositeSettings(input);
  checkReferences(register, settings);
  await register.put(settings, tags);
  return settings.AlarmName;
}

/** Throws, before the first one is deleted, where alarms cannot be deleted together or are needed by others. */
export function checkDeletion(register: AlarmRegister, names: readonly string[]): void {
  const composites = register.all().filter(isComposite);
  if (composites.filter(({ settings }) => names.includes(settings.AlarmName)).length > 1) {
    throw validation('At most one composite alarm can be deleted in one operation.');
  }
  const needed = names.filter(
    (name) => register.get(name) && composites.some((each) => dependsOn(each, name)),
  );
  if (needed.length > 0) {
    const those = needed.length === 1 ? 'it' : 'them';
    throw validation(
      `Cannot delete ${needed.join(',')} as there are composite alarm(s) depending on ${those}.`,
    );
  }
}
