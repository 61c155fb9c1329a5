import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { OutputOf } from '../../../client/api';
import { ROUTES } from '../../../client/api';
import { RIGHTS, RIGHTS_OF, type Right } from '../../../core/domain/access';
import { useRead, wholeList } from '../app/calls';
import { PagedTable } from '../ui/paged-table';
import { doing } from './words';

type Check = OutputOf<'checkAccess'>;

/** About whom it is asked, and what a request would say besides. */
export interface Asked {
  readonly kind: 'person' | 'machine';
  readonly id: string;
  readonly groups: readonly string[];
  readonly version: string;
  readonly stage: string;
  readonly alias: string;
}

/** Right by right whether somebody has it, and why. */
export function Verdict({ model, asked }: { model: string | undefined; asked: Asked }) {
  const { kind, id, groups, version, stage, alias } = asked;
  const body = {
    principal: { kind, id, ...(groups.length > 0 && { groups: [...groups] }) },
    ...(version && { version: Number(version) }),
    ...(stage && { stage }),
    ...(alias && { alias }),
  };
  const inWorkspace = useRead('checkAccess', { body }, { enabled: model === undefined });
  const onModel = useRead(
    'checkModelAccess',
    { params: { model: model ?? '' }, body },
    { enabled: model !== undefined },
  );
  const read = model === undefined ? inWorkspace : onModel;
  const check = read.data;
  const rows = check ? RIGHTS.map((right) => ({ right, ...judged(check, right) })) : [];
  return (
    <PagedTable
      list={wholeList(read, rows)}
      title={`What ${id} may do`}
      description={check && rolesOf(check)}
      trackBy="right"
      expected={RIGHTS.length}
      empty={{ title: 'Nothing' }}
      columnDefinitions={[
        {
          id: 'right',
          header: 'Right',
          isRowHeader: true,
          minWidth: 150,
          cell: ({ right }) => (
            <>
              {doing(right)}{' '}
              <Box variant="span" color="text-body-secondary" fontSize="body-s">
                ({right})
              </Box>
            </>
          ),
        },
        {
          id: 'has',
          header: 'May',
          minWidth: 90,
          cell: ({ has }) => <StatusIndicator type={has ? 'success' : 'stopped'}>{has ? 'Yes' : 'No'}</StatusIndicator>,
        },
        {
          id: 'why',
          header: 'Why',
          minWidth: 260,
          cell: ({ why }) => <span className="signet-wrap">{why}</span>,
        },
        {
          id: 'operations',
          header: 'Operations that need it',
          minWidth: 200,
          cell: ({ right }) => <Operations right={right} />,
        },
      ]}
    />
  );
}

function judged({ access, grants }: Check, right: Right): { has: boolean; why: string } {
  if (access.administrator) return { has: true, why: 'Administrators of the registry may do everything.' };
  if (!access.rights.includes(right)) {
    const needs = access.denied.find((each) => each.right === right)?.needs ?? '';
    return { has: false, why: needs.startsWith('a policy') ? sentence(needs) : `It takes ${needs}.` };
  }
  const giving = access.roles.filter((role) => RIGHTS_OF[role].has(right));
  if (giving.length === 0) return { has: true, why: 'A policy of the workspace permits it.' };
  const given = grants
    .filter(({ role }) => giving.includes(role))
    .map(
      ({ role, on, subject }) =>
        `${role} on the ${on}, given to ${subject.kind === 'group' ? 'group ' : ''}${subject.name}`,
    );
  const everybody = giving.filter((role) => !grants.some((grant) => grant.role === role));
  return {
    has: true,
    why: [...given, ...everybody.map((role) => `${role}, as everybody is here`)].map(sentence).join(' '),
  };
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function rolesOf({ access: { administrator, roles } }: Check): string {
  if (administrator) return 'Administers the registry.';
  return roles.length === 0 ? 'Has no role here.' : `Roles: ${roles.join(', ')}.`;
}

function Operations({ right }: { right: Right }) {
  const ids = Object.entries(ROUTES).flatMap(([id, { needs }]) => (needs === right ? [id] : []));
  // Passing over a policy is a part of other operations.
  if (ids.length === 0) return <>–</>;
  return (
    <ExpandableSection
      headerText={ids.length === 1 ? '1 operation' : `${ids.length} operations`}
      headingTagOverride="h3"
    >
      <span className="signet-code">{ids.join(', ')}</span>
    </ExpandableSection>
  );
}
