import Link, { type LinkProps } from '@cloudscape-design/components/link';
import { useNavigate } from 'react-router';

type Props = Pick<LinkProps, 'children' | 'variant' | 'fontSize' | 'ariaLabel'> & {
  readonly href: string;
  /** Done in place of going there. */
  readonly onOpen?: () => void;
};

/** A link to another page of the console: followed without loading it anew, opened in a tab like any link. */
export function TextLink({ href, onOpen, children, ...rest }: Props) {
  const navigate = useNavigate();
  return (
    <Link
      {...rest}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        if (onOpen) onOpen();
        else void navigate(href);
      }}
    >
      {children}
    </Link>
  );
}
