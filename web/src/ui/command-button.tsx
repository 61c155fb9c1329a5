import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import type { OperationId } from '../../../client/api';
import { useMay } from '../app/may';

type Props = Pick<ButtonProps, 'children' | 'variant' | 'iconName' | 'loading' | 'ariaLabel'> & {
  /** What it does; of several the caller may do one or the other. */
  readonly operation: OperationId | readonly OperationId[];
  readonly onClick: () => void;
  /** Why it is not possible now, whoever asks. */
  readonly blocked?: string | undefined;
};

/** A button that changes something. Where the caller may not, or the state forbids it, it says why. */
export function CommandButton({ operation, onClick, blocked, ...rest }: Props) {
  const may = useMay();
  const answers = (typeof operation === 'string' ? [operation] : operation).map(may);
  const reason = blocked ?? (answers.some(({ allowed }) => allowed) ? undefined : answers[0]?.why);
  return <Button {...rest} disabled={reason !== undefined} disabledReason={reason ?? ''} onClick={onClick} />;
}
