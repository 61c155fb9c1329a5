import Badge from '@cloudscape-design/components/badge';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import type { FoundModel } from '../search/use-search';
import { NotRead } from '../ui/not-read';
import { StageBadge } from '../ui/stage-badge';
import { Tags } from '../ui/tags';
import { TextLink } from '../ui/text-link';

/** More aliases than these are counted. */
const MOST_ALIASES = 3;

const RESTING = new Set(['None', 'Archived']);

interface Props {
  readonly model: FoundModel;
}

/** The stages that mean something; each leads to the versions in it. */
export function StagesCell({ model }: Props) {
  const { heldStages, workspace, name } = model;
  const { data, error } = useRead(
    'listStages',
    { params: { model: name } },
    { enabled: heldStages === undefined, isAside: true },
  );
  const held = heldStages ?? data?.items.flatMap((stage) => (stage.newest === undefined ? [] : [stage.name]));
  if (!held) return <NotRead error={error} />;
  const taken = held.filter((stage) => !RESTING.has(stage));
  if (taken.length === 0) return '–';
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {taken.map((stage) => (
        <TextLink
          key={stage}
          href={places.versionsWhere(workspace, name, 'stage', stage)}
          ariaLabel={`Versions of ${name} in ${stage}`}
        >
          <StageBadge stage={stage} />
        </TextLink>
      ))}
    </SpaceBetween>
  );
}

/** The aliases; each leads to its version. */
export function AliasesCell({ model }: Props) {
  const { workspace, name } = model;
  const { data, error } = useRead(
    'listAliases',
    { params: { model: name } },
    { enabled: model.aliases === undefined, isAside: true },
  );
  const aliases = model.aliases ?? data?.items.map(({ alias }) => alias);
  if (!aliases) return <NotRead error={error} />;
  if (aliases.length === 0) return '–';
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {aliases.slice(0, MOST_ALIASES).map((alias) => (
        <TextLink
          key={alias}
          href={places.versionsWhere(workspace, name, 'alias', alias)}
          ariaLabel={`The version of ${name} with the alias ${alias}`}
        >
          <Badge>
            <span className="signet-wrap">@{alias}</span>
          </Badge>
        </TextLink>
      ))}
      {aliases.length > MOST_ALIASES && <span>+{aliases.length - MOST_ALIASES}</span>}
    </SpaceBetween>
  );
}

/** The tags, read from the model itself where a search leaves them out. */
export function TagsCell({ model }: Props) {
  const { data, error } = useRead(
    'getModel',
    { params: { model: model.name } },
    { enabled: model.tags === undefined, isAside: true },
  );
  const tags = model.tags ?? data?.tags;
  return tags ? <Tags tags={tags} most={3} /> : <NotRead error={error} />;
}
