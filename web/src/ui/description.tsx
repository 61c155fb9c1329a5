import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import CloudscapeTabs from '@cloudscape-design/components/tabs';
import Textarea from '@cloudscape-design/components/textarea';
import { EditableSection, type Editing } from './editable-section';
import { Markdown } from './markdown';

/** A description in markdown, and the way to change it. */
export function Description({ text, ...editing }: Editing<string> & { readonly text: string | undefined }) {
  return (
    <EditableSection
      {...editing}
      title="Description"
      size="large"
      begin={() => text ?? ''}
      form={(draft, change) => (
        <CloudscapeTabs
          ariaLabel="Write or see"
          tabs={[
            {
              id: 'write',
              label: 'Write',
              content: (
                <FormField label="Markdown" stretch>
                  <Textarea value={draft} rows={14} onChange={({ detail }) => change(detail.value)} />
                </FormField>
              ),
            },
            { id: 'preview', label: 'Preview', content: <Markdown text={draft || '*Nothing yet.*'} /> },
          ]}
        />
      )}
    >
      {text ? <Markdown text={text} /> : <Box color="text-body-secondary">No description yet.</Box>}
    </EditableSection>
  );
}
