import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCommand, useRead } from '../app/calls';
import { useMay } from '../app/may';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { type TransitionRequest, targetName } from './types';

/** What is asked, and how it is ended or carried out. */
export function RequestHeader({ request, blocked }: { request: TransitionRequest; blocked: string | undefined }) {
  const { model, id, version, target, status, requirements, author } = request;
  const params = { model, request: id };
  const [query, setQuery] = useUrlState();
  const may = useMay();
  const { data: caller } = useRead('whoami', { query: { model } });
  const commit = useCommand('commitRequest', {
    done: () => `Version ${version} is in ${targetName(target)} now.`,
    tellsRefusals: true,
  });
  const close = () => setQuery({ dialog: undefined });
  const end = useCommand('closeRequest', { done: () => 'The request is closed.', onDone: close });
  const renew = useCommand('refreshRequest', {
    done: () => 'The request is about the version as it is now.',
    onDone: close,
  });
  const missing = requirements.filter(({ satisfied }) => !satisfied).map(({ says }) => says);
  const lacks = status === 'approved' ? undefined : `It still needs: ${missing.join('; ')}.`;
  const notYours =
    caller && caller.id !== author.id && !may('administer').allowed
      ? `That is for ${author.name}, who asked for it, or for who administers the model.`
      : undefined;
  const dialog = blocked ? undefined : query.get('dialog');
  return (
    <>
      <Header
        variant="h1"
        description={`Asked by ${author.name}`}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CommandButton
              operation="closeRequest"
              blocked={blocked ?? notYours}
              onClick={() => setQuery({ dialog: 'close' })}
            >
              Close
            </CommandButton>
            {status === 'outdated' && (
              <CommandButton
                operation="refreshRequest"
                blocked={notYours}
                onClick={() => setQuery({ dialog: 'renew' })}
              >
                Renew
              </CommandButton>
            )}
            <CommandButton
              operation="commitRequest"
              variant="primary"
              blocked={blocked ?? lacks}
              loading={commit.isPending}
              onClick={() => commit.mutate([{ params }])}
            >
              Carry out
            </CommandButton>
          </SpaceBetween>
        }
      >
        <span className="signet-wrap">
          {model} version {version} to {targetName(target)}
        </span>
      </Header>
      {dialog === 'close' && (
        <Confirm
          title="Close the request"
          text="It ends without its transition. It cannot be opened again."
          action="Close the request"
          onClose={close}
          onConfirm={(reason) => end.mutate([{ params, body: { ...(reason && { reason }) } }])}
          isBusy={end.isPending}
          error={end.error}
        />
      )}
      {dialog === 'renew' && (
        <Confirm
          title="Renew the request"
          text="It becomes one about the version as it is now. Approvals and answers were about something else and are gone; rejections stay."
          action="Renew"
          onClose={close}
          onConfirm={(reason) => renew.mutate([{ params, body: { ...(reason && { reason }) } }])}
          isBusy={renew.isPending}
          error={renew.error}
        />
      )}
    </>
  );
}
