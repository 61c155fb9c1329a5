import Alert from '@cloudscape-design/components/alert';
import { usePages } from '../app/calls';
import { places } from '../app/places';
import { TextLink } from '../ui/text-link';
import { type RequestRow, targetName } from './types';

/** Open requests of a model, the newest ones. */
export function useOpenRequests(model: string): readonly RequestRow[] {
  const query = { state: 'open', limit: 50 } as const;
  return usePages('listModelRequests', { params: { model }, query }, { isAside: true }).rows;
}

/** Tells where a version is asked to go, with the way to each request. */
export function OpenRequests({ model, version }: { model: string; version: number }) {
  const requests = useOpenRequests(model).filter((request) => request.version === version);
  if (requests.length === 0) return null;
  return (
    <Alert type="info">
      {requests.map(({ id, workspace, author, target }) => (
        <div key={id}>
          {author.name} asks that it go to {targetName(target)}:{' '}
          <TextLink href={places.request(workspace, model, id)}>see the request</TextLink>
        </div>
      ))}
    </Alert>
  );
}
