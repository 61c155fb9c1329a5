import Button from '@cloudscape-design/components/button';
import { type ComponentProps, lazy, Suspense, useState } from 'react';

const PreferencesButton = lazy(() => import('./preferences-button'));

/** The gear above a table; what it opens is loaded when it is pressed first. */
export function LazyPreferences(props: Omit<ComponentProps<typeof PreferencesButton>, 'opensAtOnce'>) {
  const [isWanted, setIsWanted] = useState(false);
  const gear = (
    <Button
      variant="icon"
      iconName="settings"
      ariaLabel="Preferences"
      loading={isWanted}
      onClick={() => setIsWanted(true)}
    />
  );
  if (!isWanted) return gear;
  return (
    <Suspense fallback={gear}>
      <PreferencesButton {...props} opensAtOnce />
    </Suspense>
  );
}
