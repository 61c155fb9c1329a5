import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

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
  const all = useMemo(() => notices, [notices]);
  return (
    <NotifyContext value={notify}>
      <NoticesContext value={all}>{children}</NoticesContext>
    </NotifyContext>
  );
}

/** Says something in the bar at the top. */
export function useNotify(): Notify {
  return useContext(NotifyContext);
}

/** The bar at the top. */
export function Notifications() {
  const notices = useContext(NoticesContext);
  return <Flashbar items={[...notices]} />;
}
