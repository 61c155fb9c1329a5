import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { Markdown } from './markdown';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string | undefined;
  readonly errorText?: string | undefined;
  readonly rows?: number;
}

/** A text in markdown while it is written, which can be seen as it will be shown. */
export function ProseField({ label, value, onChange, description, errorText, rows = 3 }: Props) {
  const [isSeen, setIsSeen] = useState(false);
  return (
    <FormField
      label={label}
      description={description}
      errorText={errorText}
      info={
        <Button
          variant="inline-link"
          formAction="none"
          disabled={!isSeen && value.trim() === ''}
          disabledReason="There is nothing to see yet."
          ariaLabel={isSeen ? `Write: ${label}` : `Preview: ${label}`}
          onClick={() => setIsSeen(!isSeen)}
        >
          {isSeen ? 'Write' : 'Preview'}
        </Button>
      }
      stretch
    >
      {isSeen ? (
        <Box padding={{ vertical: 'xs' }}>
          <Markdown text={value} />
        </Box>
      ) : (
        <Textarea value={value} rows={rows} onChange={({ detail }) => onChange(detail.value)} />
      )}
    </FormField>
  );
}
