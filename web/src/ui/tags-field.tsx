import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';

/** A tag while it is edited. */
export interface TagRow {
  readonly key: string;
  readonly value: string;
}

/** The tags that rows mean: those without a key mean nothing, the last of the same key counts. */
export function tagsOf(rows: readonly TagRow[]): Record<string, string> {
  return Object.fromEntries(rows.filter(({ key }) => key !== '').map(({ key, value }) => [key, value]));
}

/** Rows of tags, in order. */
export function rowsOf(tags: Readonly<Record<string, string>>): TagRow[] {
  return Object.entries(tags)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([key, value]) => ({ key, value }));
}

/** The change that makes one set of tags the other; null removes. */
export function tagChanges(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const changes: Record<string, string | null> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changes[key] = null;
  for (const [key, value] of Object.entries(after)) if (before[key] !== value) changes[key] = value;
  return changes;
}

/** Edits tags. */
export function TagsField({
  rows,
  onChange,
}: {
  rows: readonly TagRow[];
  onChange: (rows: readonly TagRow[]) => void;
}) {
  const set = (index: number, change: Partial<TagRow>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  return (
    <FormField label="Tags – optional" stretch>
      <AttributeEditor
        items={rows}
        addButtonText="Add tag"
        removeButtonText="Remove"
        empty="No tags."
        onAddButtonClick={() => onChange([...rows, { key: '', value: '' }])}
        onRemoveButtonClick={({ detail }) => onChange(rows.filter((_, index) => index !== detail.itemIndex))}
        definition={[
          {
            label: 'Key',
            control: ({ key }, index) => (
              <Input
                value={key}
                ariaLabel="Key"
                onChange={({ detail }) => set(index, { key: detail.value })}
                placeholder="owner"
              />
            ),
          },
          {
            label: 'Value',
            control: ({ value }, index) => (
              <Input value={value} ariaLabel="Value" onChange={({ detail }) => set(index, { value: detail.value })} />
            ),
          },
        ]}
      />
    </FormField>
  );
}
