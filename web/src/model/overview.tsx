import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCommand } from '../app/calls';
import { Copyable } from '../ui/copyable';
import { Description } from '../ui/description';
import { Facts } from '../ui/facts';
import { TagsSection } from '../ui/tags-section';
import { Time } from '../ui/time';
import { Aliases } from './aliases';
import { StageBoard } from './stage-board';
import { blockedOf, type Model } from './types';

/** What a model is and who is where. */
export function Overview({ model }: { model: Model }) {
  const params = { model: model.name };
  const describe = useCommand('updateModel', { done: () => 'The description was saved.' });
  const tag = useCommand('updateModel', { done: () => 'The tags were saved.' });
  const blocked = blockedOf(model);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Details</Header>}>
        <Facts
          facts={[
            ['Versions', model.lastVersion === 0 ? 'none yet' : `up to ${model.lastVersion}`],
            [
              'Created',
              <>
                <Time key="at" at={model.createdAt} /> by {model.createdBy.name}
              </>,
            ],
            [
              'Changed',
              <>
                <Time key="at" at={model.updatedAt} /> by {model.updatedBy.name}
              </>,
            ],
            ['Id', <Copyable key="id" text={model.id} shown={`${model.id.slice(0, 10)}…`} name="the id" />],
          ]}
        />
      </Container>
      <StageBoard model={model} />
      <Aliases model={model} />
      <Description
        text={model.description}
        operation="updateModel"
        blocked={blocked}
        save={(text, done) => describe.mutate([{ params, body: { description: text || null } }], { onSuccess: done })}
        isSaving={describe.isPending}
        error={describe.error}
      />
      <TagsSection
        tags={model.tags}
        operation="updateModel"
        blocked={blocked}
        save={(tags, done) => tag.mutate([{ params, body: { tags } }], { onSuccess: done })}
        isSaving={tag.isPending}
        error={tag.error}
      />
    </SpaceBetween>
  );
}
