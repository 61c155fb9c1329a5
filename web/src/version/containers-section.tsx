import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCommand } from '../app/calls';
import { EditableSection } from '../ui/editable-section';
import { Facts } from '../ui/facts';
import { type ContainerDraft, ContainersField, containersOf, draftsOf } from './containers-field';
import type { Version } from './types';

/** The containers that serve a version, and the way to change them. */
export function ContainersSection({ version, blocked }: { version: Version; blocked: string | undefined }) {
  const { containers } = version;
  const params = { model: version.model, version: version.version };
  const { mutate, isPending, error } = useCommand('updateVersion', { done: () => 'The containers were saved.' });
  return (
    <EditableSection<readonly ContainerDraft[]>
      title="Containers"
      operation="updateVersion"
      blocked={blocked}
      begin={() => draftsOf(containers)}
      form={(drafts, change) => <ContainersField drafts={drafts} onChange={change} error={error} />}
      save={(drafts, done) => mutate([{ params, body: { containers: containersOf(drafts) } }], { onSuccess: done })}
      isSaving={isPending}
      error={error}
    >
      <SpaceBetween size="m">
        {containers.length === 0 && (
          <Box color="text-body-secondary">No container: no endpoint can run this version.</Box>
        )}
        {containers.map((container, index) => (
          <Facts
            // biome-ignore lint/suspicious/noArrayIndexKey: containers may be the same, and run in this order.
            key={index}
            columns={3}
            facts={[
              [
                'Image',
                <span key="image" className="signet-code">
                  {container.image}
                </span>,
              ],
              [
                'Digest',
                container.digest && (
                  <span key="digest" className="signet-code">
                    {container.digest}
                  </span>
                ),
              ],
              ['Loads', container.modelData],
              ...Object.entries(container.environment ?? {}),
            ]}
          />
        ))}
      </SpaceBetween>
    </EditableSection>
  );
}
