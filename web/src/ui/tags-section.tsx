import { EditableSection, type Editing } from './editable-section';
import { Tags } from './tags';
import { rowsOf, type TagRow, TagsField, tagChanges, tagsOf } from './tags-field';

type Tagged = Readonly<Record<string, string>>;

/** Tags, and the way to change them. */
export function TagsSection({
  tags,
  save,
  ...editing
}: Editing<Record<string, string | null>> & { readonly tags: Tagged }) {
  return (
    <EditableSection<readonly TagRow[]>
      {...editing}
      title="Tags"
      begin={() => rowsOf(tags)}
      form={(rows, change) => <TagsField rows={rows} onChange={change} />}
      save={(rows, done) => save(tagChanges(tags, tagsOf(rows)), done)}
    >
      <Tags tags={tags} />
    </EditableSection>
  );
}
