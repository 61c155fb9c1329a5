import Badge from '@cloudscape-design/components/badge';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useRead } from '../app/calls';
import { places } from '../app/places';
import { StageBadge } from '../ui/stage-badge';
import { TextLink } from '../ui/text-link';
import type { ModelItem } from './model-list';

/** More aliases than these are counted. */
const MOST_ALIASES = 3;

const RESTING = new Set(['None', 'Archived']);

function useStages({ name }: ModelItem) {
  return useRead('listStages', { params: { model: name } });
}

/** Number of the newest version, which is the newest in its stage. */
export function LatestCell({ model }: { model: ModelItem }) {
  const { data, isPending } = useStages(model);
  if (isPending) return <Skeleton width="3em" />;
  const latest = Math.max(0, ...(data?.items ?? []).map(({ newest = 0 }) => newest));
  if (latest === 0) return '–';
  return <TextLink href={places.version(model.workspace, model.name, latest)}>Version {latest}</TextLink>;
}

/** The stages that mean something, and the newest version in each. */
export function StagesCell({ model }: { model: ModelItem }) {
  const { data, isPending } = useStages(model);
  if (isPending) return <Skeleton width="6em" />;
  const taken = (data?.items ?? []).filter(({ name, newest }) => newest !== undefined && !RESTING.has(name));
  if (taken.length === 0) return '–';
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {taken.map(({ name, newest = 0 }) => (
        <span key={name}>
          <StageBadge stage={name} />{' '}
          <TextLink
            href={places.version(model.workspace, model.name, newest)}
            ariaLabel={`Version ${newest} in ${name}`}
          >
            {newest}
          </TextLink>
        </span>
      ))}
    </SpaceBetween>
  );
}

/** The aliases and their versions. */
export function AliasesCell({ model }: { model: ModelItem }) {
  const { data, isPending } = useRead('listAliases', { params: { model: model.name } });
  if (isPending) return <Skeleton width="5em" />;
  const aliases = data?.items ?? [];
  if (aliases.length === 0) return '–';
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {aliases.slice(0, MOST_ALIASES).map(({ alias, version }) => (
        <span key={alias}>
          <Badge>
            <span className="signet-wrap">@{alias}</span>
          </Badge>{' '}
          <TextLink
            href={places.version(model.workspace, model.name, version)}
            ariaLabel={`Version ${version}, alias ${alias}`}
          >
            {version}
          </TextLink>
        </span>
      ))}
      {aliases.length > MOST_ALIASES && <span>+{aliases.length - MOST_ALIASES}</span>}
    </SpaceBetween>
  );
}
