import Box from '@cloudscape-design/components/box';
import type { ReactNode } from 'react';

/** Something that a version comes from or went to. */
export interface LineageNode {
  readonly id: string;
  /** What it is to the version. */
  readonly kind: string;
  readonly content: ReactNode;
}

interface Props {
  readonly from: readonly LineageNode[];
  readonly self: LineageNode;
  readonly to: readonly LineageNode[];
}

/** As the style sheet has them. */
const NODE_PX = 64;
const GAP_PX = 12;
const LINK_PX = 56;

/** A version between what it was made from and where it went. What the lines say is said by the headings of the lists too. */
export function LineageGraph({ from, self, to }: Props) {
  const most = Math.max(from.length, to.length, 1);
  const height = most * NODE_PX + (most - 1) * GAP_PX;
  return (
    <section className="signet-lineage" aria-label="Lineage">
      <Nodes label="Made from" nodes={from} />
      <Links count={from.length} height={height} isInward />
      <Nodes label="The version" nodes={[self]} isMain />
      <Links count={to.length} height={height} />
      <Nodes label="What came of it" nodes={to} />
    </section>
  );
}

function Nodes({ label, nodes, isMain = false }: { label: string; nodes: readonly LineageNode[]; isMain?: boolean }) {
  if (nodes.length === 0) return <div className="signet-lineage-nodes" />;
  return (
    <ul className="signet-lineage-nodes" aria-label={label}>
      {nodes.map(({ id, kind, content }) => (
        <li key={id} className="signet-lineage-node" data-main={isMain}>
          <Box color="text-body-secondary" fontSize="body-s">
            {kind}
          </Box>
          <div className="signet-lineage-content">{content}</div>
        </li>
      ))}
    </ul>
  );
}

/** Lines between the version in the middle and each node of a list, which is centred like it. */
function Links({ count, height, isInward = false }: { count: number; height: number; isInward?: boolean }) {
  const middle = height / 2;
  const top = middle - (count * NODE_PX + (count - 1) * GAP_PX) / 2;
  const [outer, inner] = isInward ? [0, LINK_PX] : [LINK_PX, 0];
  return (
    <svg className="signet-lineage-links" width={LINK_PX} height={height} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => {
        const y = top + index * (NODE_PX + GAP_PX) + NODE_PX / 2;
        return (
          <path
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is where it is, and nothing else.
            key={index}
            d={`M ${outer} ${y} C ${LINK_PX / 2} ${y}, ${LINK_PX / 2} ${middle}, ${inner} ${middle}`}
          />
        );
      })}
    </svg>
  );
}
