import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { useCommand } from '../app/calls';
import { useMay } from '../app/may';
import { Dialog } from '../ui/dialog';
import { Facts } from '../ui/facts';
import type { SearchPlan } from './use-search';

interface Props {
  readonly suggestion: NonNullable<SearchPlan['suggestion']>;
  readonly onClose: () => void;
}

/** Declares the index that a search would be quick with. */
export default function DeclareIndex({ suggestion, onClose }: Props) {
  const { equals, orderBy } = suggestion;
  const [name, setName] = useState(`by-${equals.map((field) => field.replace(/^.*\.|\W+/g, '')).join('-')}`);
  const may = useMay()('createSearchIndex');
  const { mutate, isPending, error } = useCommand('createSearchIndex', {
    done: (index) => `The index ${index.name} is being built.`,
    onDone: onClose,
  });
  return (
    <Dialog
      title="Declare an index"
      action="Declare"
      onClose={onClose}
      onConfirm={() => mutate([{ body: { name, equals: [...equals], orderBy } }])}
      isBusy={isPending}
      isDisabled={name === '' || !may.allowed}
      error={error}
    >
      <Box>
        What is there already is added to it; then searches use it. It costs one write unit for every change of a
        version that is in it.
      </Box>
      <Facts
        columns={2}
        facts={[
          ['Compares', equals.join(', ')],
          ['Ordered by', orderBy],
        ]}
      />
      <FormField label="Name" errorText={may.why}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} />
      </FormField>
    </Dialog>
  );
}
