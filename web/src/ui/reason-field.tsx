import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';

interface Props {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNeeded?: boolean;
}

/** Why somebody does something; it is kept in the audit. */
export function ReasonField({ value, onChange, isNeeded = false }: Props) {
  return (
    <FormField label={isNeeded ? 'Reason' : 'Reason – optional'} description="It is kept in the history.">
      <Textarea value={value} rows={3} onChange={({ detail }) => onChange(detail.value)} />
    </FormField>
  );
}
