import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import TimeInput from '@cloudscape-design/components/time-input';
import type { ReactNode } from 'react';
import { useUrlState } from '../app/url-state';

/** The moment that the address names: its date and clock, and as the registry takes it where there is a date. */
export function useMoment(): { readonly date: string; readonly clock: string; readonly at: string | undefined } {
  const [params] = useUrlState();
  const date = params.get('date') ?? '';
  const clock = params.get('time') ?? '23:59';
  return { date, clock, at: instantOf(date, clock) };
}

/** Chooses a moment, beside another field. */
export function MomentFields({ children, hint }: { children: ReactNode; hint: string }) {
  const [, setParams] = useUrlState();
  const { date, clock } = useMoment();
  const third = { colspan: { default: 12, xs: 4 } };
  return (
    <Grid gridDefinition={[third, third, third]}>
      {children}
      <FormField label="Date – optional" constraintText={hint}>
        <DatePicker
          value={date}
          placeholder="YYYY/MM/DD"
          openCalendarAriaLabel={(chosen) => (chosen ? `Choose a date, ${chosen} is chosen` : 'Choose a date')}
          onChange={({ detail }) => setParams({ date: detail.value })}
        />
      </FormField>
      <FormField label="Time" constraintText="In your time zone, 24 hours.">
        <TimeInput
          value={clock}
          format="hh:mm"
          placeholder="hh:mm"
          disabled={date === ''}
          onChange={({ detail }) => setParams({ time: detail.value })}
        />
      </FormField>
    </Grid>
  );
}

/** The end of the minute that is meant. */
function instantOf(date: string, clock: string): string | undefined {
  const instant = new Date(`${date}T${/^\d\d:\d\d$/.test(clock) ? clock : '23:59'}:59.999`);
  return date === '' || Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}
