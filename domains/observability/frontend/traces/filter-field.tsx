import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useEffect, useState } from 'react';
import {
  both,
  type ConditionName,
  conditionNames,
  conditions,
  conditionText,
  longestExpression,
} from './filter-expression.ts';

/** The filter expression, as a text and by conditions that write it. It is asked for when it is applied. */
export function FilterField({ filter, onApply }: { filter: string; onApply: (filter: string) => void }) {
  const [typed, setTyped] = useState(filter);
  useEffect(() => setTyped(filter), [filter]);
  const tooLong = typed.length > longestExpression;
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    if (!tooLong) onApply(typed.trim());
  };
  return (
    <SpaceBetween size="xs">
      <form onSubmit={apply}>
        <FormField
          label="Filter expression"
          stretch
          constraintText={
            'For example: service("checkout") AND responsetime > 0.5, or annotation.route = "POST /orders" AND fault'
          }
          errorText={tooLong ? `At most ${longestExpression} characters.` : ''}
          secondaryControl={
            <SpaceBetween direction="horizontal" size="xs">
              <Button formAction="submit" disabled={tooLong}>
                Apply
              </Button>
              <Button disabled={typed === '' && filter === ''} onClick={() => onApply('')}>
                Clear
              </Button>
            </SpaceBetween>
          }
        >
          <Input
            value={typed}
            placeholder="All traces"
            spellcheck={false}
            onChange={({ detail }) => setTyped(detail.value)}
          />
        </FormField>
      </form>
      <ConditionRow onAdd={(condition) => onApply(both(typed, condition))} />
    </SpaceBetween>
  );
}

/** Puts one condition after another into the expression. */
function ConditionRow({ onAdd }: { onAdd: (condition: string) => void }) {
  const [name, setName] = useState<ConditionName>('fault');
  const [value, setValue] = useState('');
  const kind = conditions[name].value;
  const condition = conditionText(name, value);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (!condition) return;
    onAdd(condition);
    setValue('');
  };
  return (
    <form onSubmit={add}>
      <SpaceBetween direction="horizontal" size="xs" alignItems="end">
        <FormField label="Condition">
          <Select
            selectedOption={{ value: name, label: conditions[name].label }}
            options={conditionNames.map((each) => ({ value: each, label: conditions[each].label }))}
            onChange={({ detail }) => {
              const chosen = conditionNames.find((each) => each === detail.selectedOption.value);
              if (chosen) setName(chosen);
            }}
            expandToViewport
          />
        </FormField>
        {kind === 'none' ? null : (
          <FormField label="Value">
            <Input
              value={value}
              inputMode={kind === 'number' ? 'decimal' : 'text'}
              onChange={({ detail }) => setValue(detail.value)}
            />
          </FormField>
        )}
        <Button formAction="submit" disabled={!condition}>
          Add condition
        </Button>
      </SpaceBetween>
    </form>
  );
}
