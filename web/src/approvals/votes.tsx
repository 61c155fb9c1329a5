import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useCommand, useRead } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Confirm } from '../ui/confirm';
import { Time } from '../ui/time';
import type { Version } from '../version/types';
import { counts, type TransitionRequest, targetName, whoCounts } from './types';

interface Props {
  readonly request: TransitionRequest;
  readonly version: Version | undefined;
  /** Why nothing can be said any more, if so. */
  readonly blocked: string | undefined;
}

/** Who is for it and who is against it, and the vote of the caller, of which the last one counts. */
export function Votes({ request, version, blocked }: Props) {
  const { guard, votes, status } = request;
  const [params, setParams] = useUrlState();
  const { data: caller } = useRead('whoami', { query: { model: request.model } });
  const mine = votes.find(({ by }) => by.id === caller?.id);
  const { count } = guard.approvals;
  const isAuthor = caller && [request.author.id, version?.createdBy.id].includes(caller.id);
  const ofAuthor =
    isAuthor && !guard.approvals.authorMayApprove
      ? `An author does not approve what is theirs: you ${request.author.id === caller.id ? 'asked for it' : 'registered the version'}.`
      : undefined;
  const changed = status === 'outdated' ? 'The version changed: the request has to be renewed first.' : undefined;
  const already = (vote: 'approve' | 'reject') =>
    mine?.vote === vote && !mine.stale ? 'That is your vote already.' : undefined;
  const uncounted = caller && count > 0 && !counts(guard.approvals, caller) && !ofAuthor && !blocked;
  const dialog = params.get('dialog');
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={count === 0 ? 'Nobody has to approve it.' : `${count} needed${by(guard.approvals)}.`}
        >
          Votes
        </Header>
      }
      footer={
        <SpaceBetween direction="horizontal" size="xs">
          <CommandButton
            operation="voteOnRequest"
            variant="primary"
            blocked={blocked ?? ofAuthor ?? changed ?? already('approve')}
            onClick={() => setParams({ dialog: 'approve' })}
          >
            Approve
          </CommandButton>
          <CommandButton
            operation="voteOnRequest"
            blocked={blocked ?? already('reject')}
            onClick={() => setParams({ dialog: 'reject' })}
          >
            Reject
          </CommandButton>
          {mine && (
            <CommandButton
              operation="voteOnRequest"
              variant="link"
              blocked={blocked}
              onClick={() => setParams({ dialog: 'withdraw' })}
            >
              Withdraw
            </CommandButton>
          )}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="s">
        {votes.length === 0 && <Box color="text-body-secondary">Nobody has voted yet.</Box>}
        {votes.map(({ by: person, at, vote, reason, stale }) => {
          const isPast = stale === true || (status === 'outdated' && vote === 'approve');
          return (
            <div key={person.id}>
              <StatusIndicator type={isPast ? 'stopped' : vote === 'approve' ? 'success' : 'error'}>
                <span className="signet-wrap">
                  {person.name} {vote === 'approve' ? 'approves' : 'rejects'}
                  {isPast && ' what it was before'}
                </span>
              </StatusIndicator>
              <Box color="text-body-secondary" fontSize="body-s">
                <Time at={at} />
              </Box>
              {reason && <div className="signet-wrap">{reason}</div>}
            </div>
          );
        })}
        {uncounted && (
          <Box color="text-status-info">Your approval would not count: it takes {whoCounts(guard.approvals)}.</Box>
        )}
      </SpaceBetween>
      {(dialog === 'approve' || dialog === 'reject' || dialog === 'withdraw') && !blocked && (
        <VoteDialog request={request} vote={dialog} onClose={() => setParams({ dialog: undefined })} />
      )}
    </Container>
  );
}

function by(who: Parameters<typeof whoCounts>[0]): string {
  const words = whoCounts(who);
  return words && ` by ${words}`;
}

const WORDS = {
  approve: ['Approve the request', 'Approve', 'Your approval is bound to exactly these files and this metadata.'],
  reject: ['Reject the request', 'Reject', 'It blocks until you withdraw it, whatever others say.'],
  withdraw: ['Withdraw your vote', 'Withdraw', 'As if you had not voted.'],
} as const;

interface VoteProps {
  readonly request: TransitionRequest;
  readonly vote: keyof typeof WORDS;
  readonly onClose: () => void;
}

function VoteDialog({ request, vote, onClose }: VoteProps) {
  const { model, id, version, target, subject } = request;
  const { mutate, isPending, error } = useCommand('voteOnRequest', {
    done: ({ state }) =>
      state === 'committed' ? `Version ${version} is in ${targetName(target)} now.` : 'Your vote was counted.',
    onDone: onClose,
  });
  const [title, action, text] = WORDS[vote];
  return (
    <Confirm
      title={title}
      text={text}
      action={action}
      needsReason={vote !== 'approve'}
      onClose={onClose}
      onConfirm={(reason) =>
        mutate([{ params: { model, request: id }, body: { vote, subject, ...(reason && { reason }) } }])
      }
      isBusy={isPending}
      error={error}
    />
  );
}
