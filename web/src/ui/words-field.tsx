import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useState } from 'react';

interface Props {
  readonly label: string;
  readonly words: readonly string[];
  readonly onChange: (words: readonly string[]) => void;
  readonly description?: string;
  readonly placeholder?: string;
  readonly errorText?: string | undefined;
}

/** Names that are written one after the other, such as groups; Enter adds one. */
export function WordsField({ label, words, onChange, description, placeholder, errorText }: Props) {
  const [draft, setDraft] = useState('');
  const add = () => {
    const word = draft.trim();
    if (word !== '' && !words.includes(word)) onChange([...words, word]);
    setDraft('');
  };
  return (
    <FormField label={label} description={description} errorText={errorText} constraintText="Enter adds one." stretch>
      <SpaceBetween size="xxs">
        <Input
          value={draft}
          placeholder={placeholder}
          onChange={({ detail }) => setDraft(detail.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.detail.key !== 'Enter') return;
            // Not the whole form yet.
            event.preventDefault();
            add();
          }}
        />
        {words.length > 0 && (
          <TokenGroup
            items={words.map((word) => ({ label: word, dismissLabel: `Leave out ${word}` }))}
            onDismiss={({ detail }) => onChange(words.filter((_, index) => index !== detail.itemIndex))}
          />
        )}
      </SpaceBetween>
    </FormField>
  );
}
