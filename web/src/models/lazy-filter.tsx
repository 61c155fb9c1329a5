import Input from '@cloudscape-design/components/input';
import { type ComponentProps, lazy, Suspense, useState } from 'react';
import { FILTER_LABEL, FILTER_PLACEHOLDER } from './filter';

const ModelsFilter = lazy(() => import('./models-filter'));

type Props = Omit<ComponentProps<typeof ModelsFilter>, 'isFocused'> & {
  /** Whether it filters already. */
  readonly isWanted: boolean;
};

/** The filter of the models; until somebody wants to filter it is a field that looks like it, and nothing is loaded. */
export function LazyFilter({ isWanted, ...props }: Props) {
  const [isFocused, setIsFocused] = useState(false);
  const field = (
    <Input
      type="search"
      value=""
      ariaLabel={FILTER_LABEL}
      placeholder={FILTER_PLACEHOLDER}
      onFocus={() => setIsFocused(true)}
      onChange={() => setIsFocused(true)}
    />
  );
  if (!isWanted && !isFocused) return field;
  return (
    <Suspense fallback={field}>
      <ModelsFilter {...props} isFocused={isFocused} />
    </Suspense>
  );
}
