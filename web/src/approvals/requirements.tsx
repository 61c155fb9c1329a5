import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { TransitionRequest } from './types';

/** What a request needs, and what of it is missing and from whom; the registry's own judgement. */
export function Requirements({ request: { requirements, status } }: { request: TransitionRequest }) {
  const missing = requirements.filter(({ satisfied }) => !satisfied).length;
  if (requirements.length === 0) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            status === 'approved' ? 'Nothing is missing.' : `${missing} of ${requirements.length} are missing.`
          }
        >
          What it needs
        </Header>
      }
    >
      <SpaceBetween size="xs">
        {[...requirements]
          .sort((a, b) => Number(a.satisfied) - Number(b.satisfied))
          .map(({ kind, name, satisfied, says }) => (
            <StatusIndicator key={`${kind} ${name} ${says}`} type={typeOf(kind, satisfied, says)}>
              <span className="signet-wrap">{sentence(says)}</span>
            </StatusIndicator>
          ))}
      </SpaceBetween>
    </Container>
  );
}

function typeOf(kind: string, satisfied: boolean, says: string) {
  // What is optional is no hindrance, and not done either.
  if (satisfied && kind === 'checklist' && !says.endsWith(': done')) return 'stopped' as const;
  if (satisfied) return 'success' as const;
  return ['rejection', 'review', 'condition', 'expiry'].includes(kind) ? ('error' as const) : ('pending' as const);
}

/** Times and numbers as people read them, and a capital at the beginning. */
function sentence(says: string): string {
  const words = says
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => TIME.format(new Date(at)))
    .replaceAll(/-?\d+\.\d{6,}/g, (number) => String(Number(Number(number).toPrecision(6))));
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const TIME = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
