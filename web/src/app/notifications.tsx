import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useState } from 'react';
import { useUnread } from './unread';

const Flashbar = lazy(() => import('@cloudscape-design/components/flashbar'));

type Notice = Pick<FlashbarProps.MessageDefinition, 'type' | 'content' | 'header'>;
type Notify = (notice: Notice) => void;

const NotifyContext = createContext<Notify>(() => {});
const NoticesContext = createContext<readonly FlashbarProps.MessageDefinition[]>([]);

/** More than these would cover the page. */
const MOST = 4;
const SHOWN_MS = 6_000;

/** Keeps what the console has to say until it is read. */
export function NotificationsProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly FlashbarProps.MessageDefinition[]>([]);
  const dismiss = useCallback((id: string) => setNotices((all) => all.filter((notice) => notice.id !== id)), []);
  const notify = useCallback<Notify>(
    (notice) => {
      const id = crypto.randomUUID();
      const shown = { ...notice, id, dismissible: true, dismissLabel: 'Dismiss', onDismiss: () => dismiss(id) };
      setNotices((all) => [shown, ...all].slice(0, MOST));
      // What went well needs no answer; what did not stays.
      if (notice.type === 'success') setTimeout(() => dismiss(id), SHOWN_MS);
    },
    [dismiss],
  );
  return (
    <NotifyContext value={notify}>
      <NoticesContext value={notices}>{children}</NoticesContext>
    </NotifyContext>
  );
}

/** Says something in the bar at the top. */
export function useNotify(): Notify {
  return useContext(NotifyContext);
}

/** The bar at the top; loaded when there is something to say. */
export function Notifications() {
  const notices = useContext(NoticesContext);
  const unread = useUnread();
  const items = unread ? [unread, ...notices] : notices;
  if (items.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <Flashbar items={[...items]} />
    </Suspense>
  );
}
