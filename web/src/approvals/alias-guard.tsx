import Alert from '@cloudscape-design/components/alert';
import { places } from '../app/places';
import { useWorkspace } from '../app/registry';
import { TextLink } from '../ui/text-link';
import { guardWords } from './guard-words';
import { useGuards } from './use-guards';

/** Says that a policy guards an alias, what it asks for, and where to ask. */
export function AliasGuard({ model, version, alias }: { model: string; version: number | string; alias: string }) {
  const workspace = useWorkspace();
  const guard = useGuards(model)({ alias });
  if (!guard) return null;
  return (
    <Alert type="info" header={`A policy guards @${alias}`}>
      It asks for {guardWords(guard).join(', ')}.{' '}
      <TextLink href={places.ask(workspace, model, version, alias)}>Ask for it</TextLink>
    </Alert>
  );
}
