import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import type { OperationId } from '../../../client/api';
import { useMay } from '../app/may';

type Props = Pick<ButtonProps, 'children' | 'variant' | 'iconName' | 'loading' | 'ariaLabel'> & {
  readonly operation: OperationId;
  readonly onClick: () => void;
  /** Why it is not possible now, whoever asks. */
  readonly blocked?: string | undefined;
};

/** A button that changes something. Where the caller may not, or the state forbids it, it says why. */
export function CommandButton({ operation, onClick, blocked, ...rest }: Props) {
  const { allowed, why } = useMay()(operation);
  const reason = blocked ?? (allowed ? undefined : why);
  return <Button {...rest} disabled={reason !== undefined} disabledReason={reason ?? ''} onClick={onClick} />;
}
