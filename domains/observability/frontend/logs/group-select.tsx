import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import { formatValue } from '#shared/frontend/format.ts';
import { describe, isProblem } from '#shared/frontend/problem.ts';
import { useLogGroupsQuery } from './api.ts';
import type { LogGroup } from './types.ts';

/** Groups that one query takes. */
const mostGroups = 50;

/** Chooses log groups of the installation; none chosen means all. */
export function GroupSelect(props: { chosen: readonly string[]; onChange: (groups: string[]) => void }) {
  const { chosen, onChange } = props;
  const { data, isFetching, error, refetch } = useLogGroupsQuery();
  const groups = data?.items ?? [];
  const failed = error
    ? isProblem(error)
      ? describe(error)
      : 'The log groups could not be read.'
    : undefined;
  const full = chosen.length >= mostGroups;
  return (
    <FormField
      label="Log groups"
      description="None chosen means every log group of the installation."
      errorText={failed}
      constraintText={full ? `A query searches ${mostGroups} log groups at most.` : undefined}
      secondaryControl={failed ? <Button onClick={() => void refetch()}>Retry</Button> : undefined}
      stretch
    >
      <Multiselect
        selectedOptions={chosen.map((name) => ({ value: name, label: name }))}
        options={groups.map((group) => optionOf(group, full && !chosen.includes(group.name)))}
        onChange={({ detail }) => onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
        statusType={isFetching ? 'loading' : failed ? 'error' : 'finished'}
        loadingText="Loading log groups…"
        errorText={failed ?? ''}
        empty="No log groups yet"
        noMatch="No log groups match"
        filteringType="auto"
        filteringPlaceholder="Filter log groups"
        filteringAriaLabel="Filter log groups"
        placeholder="Every log group"
        tokenLimit={3}
        deselectAriaLabel={({ label }) => `Remove ${label ?? 'log group'}`}
        virtualScroll
        expandToViewport
      />
    </FormField>
  );
}

function optionOf(group: LogGroup, disabled: boolean) {
  const kept = group.retentionDays ? `kept ${group.retentionDays} d` : 'kept for ever';
  return {
    value: group.name,
    label: group.name,
    description: `${formatValue(group.storedBytes, 'bytes')} stored, ${kept}`,
    disabled,
  };
}
