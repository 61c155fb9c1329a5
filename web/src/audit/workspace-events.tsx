import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Input from '@cloudscape-design/components/input';
import Multiselect from '@cloudscape-design/components/multiselect';
import { useMemo } from 'react';
import { usePages } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { EVENT_WORDS } from './event-words';
import { type EventItem, EventsTable } from './events-table';

const DAY = 86_400_000;
const RELATIVE: DateRangePickerProps.RelativeOption[] = [
  { key: '1', type: 'relative', amount: 1, unit: 'day' },
  { key: '7', type: 'relative', amount: 7, unit: 'day' },
  { key: '30', type: 'relative', amount: 30, unit: 'day' },
  { key: '365', type: 'relative', amount: 365, unit: 'day' },
];

/** Everything that happened in a workspace: by whom, what, and when. */
export default function WorkspaceEvents() {
  const [params, setParams] = useUrlState();
  const days = params.get('days') ?? '7';
  const [from, to] = [params.get('from') ?? undefined, params.get('to') ?? undefined];
  const who = params.get('who') ?? '';
  const types = params.getAll('type');
  // A relative range is counted from the moment it is asked for, not anew with every look at it.
  const query = useMemo(
    () => (from ? { from, ...(to && { to }) } : { from: new Date(Date.now() - Number(days) * DAY).toISOString() }),
    [from, to, days],
  );
  const list = usePages('listWorkspaceEvents', { query: { limit: 100, ...query } });
  const keep = ({ actor, type }: EventItem) =>
    (types.length === 0 || types.includes(type)) &&
    (who === '' || `${actor.name} ${actor.id}`.toLowerCase().includes(who.toLowerCase()));
  return (
    <EventsTable
      list={list}
      title="Events"
      keep={keep}
      filter={
        <Grid
          gridDefinition={[
            { colspan: { default: 12, s: 4 } },
            { colspan: { default: 12, s: 3 } },
            { colspan: { default: 12, s: 5 } },
          ]}
        >
          <FormField label="When">
            <DateRangePicker
              value={
                from
                  ? { type: 'absolute', startDate: from, endDate: to ?? new Date().toISOString() }
                  : { type: 'relative', amount: Number(days), unit: 'day' }
              }
              relativeOptions={RELATIVE}
              isValidRange={isValid}
              showClearButton={false}
              expandToViewport
              onChange={({ detail }) => setParams(rangeOf(detail.value))}
            />
          </FormField>
          <FormField label="Who">
            <Input
              type="search"
              value={who}
              placeholder="Part of a name"
              onChange={({ detail }) => setParams({ who: detail.value })}
            />
          </FormField>
          <FormField label="What">
            <Multiselect
              options={EVENT_WORDS.map(([value, label]) => ({ value, label }))}
              selectedOptions={EVENT_WORDS.filter(([value]) => types.includes(value)).map(([value, label]) => ({
                value,
                label,
              }))}
              onChange={({ detail }) => setParams({ type: detail.selectedOptions.map(({ value = '' }) => value) })}
              placeholder="Everything"
              filteringType="auto"
              tokenLimit={3}
              expandToViewport
              deselectAriaLabel={({ label }) => `Leave out ${label}`}
            />
          </FormField>
        </Grid>
      }
    />
  );
}

function rangeOf(value: DateRangePickerProps.Value | null): Record<string, string | undefined> {
  if (value?.type !== 'absolute')
    return { days: value?.amount === 7 ? undefined : String(value?.amount ?? 7), from: undefined, to: undefined };
  const [from, to] = [value.startDate, value.endDate].map((text) => new Date(text).toISOString());
  return { days: undefined, from, to };
}

function isValid(value: DateRangePickerProps.Value | null): DateRangePickerProps.ValidationResult {
  if (value === null) return { valid: false, errorMessage: 'Choose a range.' };
  if (value.type === 'relative') {
    return value.unit === 'day' && value.amount > 0
      ? { valid: true }
      : { valid: false, errorMessage: 'Choose a number of days.' };
  }
  const isOrdered = new Date(value.startDate) < new Date(value.endDate);
  return isOrdered ? { valid: true } : { valid: false, errorMessage: 'The range ends before it starts.' };
}
