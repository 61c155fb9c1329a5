import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useCommand, useRead } from '../app/calls';
import { useUrlState } from '../app/url-state';
import { CommandButton } from '../ui/command-button';
import { Dialog } from '../ui/dialog';
import { OuterLink } from '../ui/outer-link';
import { Time } from '../ui/time';
import { counts, type Guard, type TransitionRequest, whoCounts } from './types';

type Item = Guard['checklist'][number];
type Answer = TransitionRequest['answers'][number];

/** The questions that must have an answer, with their evidence. */
export function Checklist({ request, blocked }: { request: TransitionRequest; blocked: string | undefined }) {
  const { guard, answers, status } = request;
  const [params, setParams] = useUrlState();
  const { data: caller } = useRead('whoami', { query: { model: request.model } });
  if (guard.checklist.length === 0) return null;
  const changed = status === 'outdated' ? 'The version changed: the request has to be renewed first.' : undefined;
  const answerOf = ({ id }: Item) => answers.find(({ item, stale }) => item === id && !stale);
  const notYours = (item: Item) =>
    caller && !counts(item, caller) ? `It is answered by ${whoCounts(item)}.` : undefined;
  const asked = guard.checklist.find(({ id }) => params.get('dialog') === 'answer' && params.get('item') === id);
  const answered = guard.checklist.filter(answerOf).length;
  return (
    <>
      <Table
        variant="container"
        wrapLines
        header={
          <Header variant="h2" counter={`(${answered}/${guard.checklist.length})`}>
            Checklist
          </Header>
        }
        items={guard.checklist}
        trackBy="id"
        columnDefinitions={[
          {
            id: 'question',
            header: 'Question',
            isRowHeader: true,
            minWidth: 200,
            cell: (item) => (
              <>
                <span className="signet-wrap">{item.text}</span> {!item.required && <Badge>optional</Badge>}
                {whoCounts(item) && (
                  <Box color="text-body-secondary" fontSize="body-s">
                    for {whoCounts(item)}
                  </Box>
                )}
              </>
            ),
          },
          { id: 'answer', header: 'Answer', minWidth: 160, cell: (item) => <Said answer={answerOf(item)} /> },
          {
            id: 'evidence',
            header: 'Evidence',
            minWidth: 160,
            cell: (item) => {
              const evidence = answerOf(item)?.evidence;
              if (evidence) return <OuterLink href={evidence} />;
              return item.evidence === 'required' ? 'needed' : '–';
            },
          },
          {
            id: 'actions',
            header: 'Actions',
            minWidth: 100,
            cell: (item) => (
              <CommandButton
                operation="answerChecklist"
                variant="inline-link"
                ariaLabel={`Answer ${item.id}`}
                blocked={blocked ?? changed ?? notYours(item)}
                onClick={() => setParams({ dialog: 'answer', item: item.id })}
              >
                Answer
              </CommandButton>
            ),
          },
        ]}
      />
      {asked && !blocked && (
        <AnswerDialog
          key={asked.id}
          request={request}
          item={asked}
          before={answerOf(asked)}
          onClose={() => setParams({ dialog: undefined, item: undefined })}
        />
      )}
    </>
  );
}

function Said({ answer }: { answer: Answer | undefined }) {
  if (!answer) return <StatusIndicator type="pending">Not answered</StatusIndicator>;
  return (
    <>
      <StatusIndicator type={answer.checked ? 'success' : 'error'}>{answer.checked ? 'Yes' : 'No'}</StatusIndicator>
      <Box color="text-body-secondary" fontSize="body-s">
        <span className="signet-wrap">{answer.by.name}</span>, <Time at={answer.at} />
      </Box>
    </>
  );
}

interface AnswerProps {
  readonly request: TransitionRequest;
  readonly item: Item;
  readonly before: Answer | undefined;
  readonly onClose: () => void;
}

function AnswerDialog({ request: { model, id, subject }, item, before, onClose }: AnswerProps) {
  const [checked, setChecked] = useState(before?.checked ?? true);
  const [evidence, setEvidence] = useState(before?.evidence ?? '');
  const { mutate, isPending, error } = useCommand('answerChecklist', {
    done: () => 'The answer was kept.',
    onDone: onClose,
  });
  const isNeeded = item.evidence === 'required' && checked;
  return (
    <Dialog
      title="Answer"
      action="Save"
      onClose={onClose}
      onConfirm={() =>
        mutate([
          { params: { model, request: id }, body: { item: item.id, checked, subject, ...(evidence && { evidence }) } },
        ])
      }
      isBusy={isPending}
      isDisabled={isNeeded && evidence.trim() === ''}
      error={error}
    >
      <FormField label={<span className="signet-wrap">{item.text}</span>}>
        <RadioGroup
          value={checked ? 'yes' : 'no'}
          items={[
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ]}
          onChange={({ detail }) => setChecked(detail.value === 'yes')}
        />
      </FormField>
      <FormField
        label={isNeeded ? 'Evidence' : 'Evidence – optional'}
        description="A link to a report, or a few words. It is kept in the history."
      >
        <Input value={evidence} onChange={({ detail }) => setEvidence(detail.value)} />
      </FormField>
    </Dialog>
  );
}
