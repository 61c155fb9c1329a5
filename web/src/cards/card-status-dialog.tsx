import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useState } from 'react';
import { CARD_STATUSES } from '../../../core/domain/assessment-terms';
import { Dialog } from '../ui/dialog';
import { ReasonField } from '../ui/reason-field';
import type { Version } from '../version/types';
import { cardStatusWords } from './badges';
import type { Card } from './fields';
import { useSaveCard } from './use-save-card';

const MEANINGS: Readonly<Record<Card['status'], string>> = {
  Draft: 'It is still being written.',
  PendingReview: 'It is complete, and somebody is to review it.',
  Approved: 'What it says was reviewed and counts.',
  Archived: 'It counts no more.',
};

/** Reviews a model card: what it says stays, how it stands changes. */
export default function CardStatusDialog({
  version,
  card,
  onClose,
}: {
  version: Version;
  card: Card;
  onClose: () => void;
}) {
  const [status, setStatus] = useState(card.status);
  const [reason, setReason] = useState('');
  const params = { model: version.model, version: version.version };
  const { setStatus: save, isBusy, error } = useSaveCard(params, card.revision, onClose);
  return (
    <Dialog
      title={`Review revision ${card.revision} of the model card`}
      action="Save"
      onClose={onClose}
      onConfirm={() => save(status, reason)}
      isBusy={isBusy}
      isDisabled={status === card.status}
      error={error}
    >
      <FormField label="Status">
        <RadioGroup
          value={status}
          items={CARD_STATUSES.map((value) => ({
            value,
            label: cardStatusWords(value),
            description: MEANINGS[value],
          }))}
          onChange={({ detail }) => setStatus(detail.value as Card['status'])}
        />
      </FormField>
      <ReasonField value={reason} onChange={setReason} />
    </Dialog>
  );
}
