import Input from '@cloudscape-design/components/input';
import { lazy, Suspense, useState } from 'react';
import type { FilterProps } from './search-filter';

const SearchFilter = lazy(() => import('./search-filter'));

/** A filter; until somebody wants to filter it is a field that looks like it, and nothing is loaded. */
export function LazyFilter(props: FilterProps) {
  const [isFocused, setIsFocused] = useState(false);
  const [isLoaded, setIsLoaded] = useState(false);
  if (!isLoaded && (isFocused || props.query.tokens.length > 0)) setIsLoaded(true);
  const field = (
    <Input
      type="search"
      value=""
      ariaLabel={props.label}
      placeholder={props.placeholder}
      onFocus={() => setIsFocused(true)}
      onChange={() => setIsFocused(true)}
    />
  );
  if (!isLoaded) return field;
  return (
    <Suspense fallback={field}>
      <SearchFilter {...props} isFocused={isFocused} />
    </Suspense>
  );
}
