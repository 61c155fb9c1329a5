import { type Guard, targetName } from '../approvals/types';
import { Confirm } from '../ui/confirm';
import { useSaveGuard } from './use-policy';

interface Props {
  readonly model: string | undefined;
  readonly guard: Guard;
  readonly onClose: () => void;
}

/** Takes a guard away, with the reason why. */
export function DeleteGuard({ model, guard, onClose }: Props) {
  const { save, isBusy, error } = useSaveGuard(model, 'The guard was deleted.', onClose);
  return (
    <Confirm
      title={`Delete the guard of ${targetName(guard.target)}`}
      text={
        model === undefined
          ? 'Versions of models without a guard of their own need nothing of it any more.'
          : 'What the workspace asks for counts again, where it asks for something.'
      }
      action="Delete"
      needsReason
      onClose={onClose}
      onConfirm={(reason) => void save(guard.target, guard, undefined, reason)}
      isBusy={isBusy}
      error={error}
    />
  );
}
