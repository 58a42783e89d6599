import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import Link, { type LinkProps } from '@cloudscape-design/components/link';
import { type ReactNode, useCallback } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { carriedSearch } from './time-range.ts';

interface FollowEvent {
  preventDefault(): void;
  detail: { href?: string | undefined; external?: boolean | undefined };
}

/** Follows links of Cloudscape components inside the console without loading it again. */
export function useFollow(): (event: FollowEvent) => void {
  const navigate = useNavigate();
  return useCallback(
    (event: FollowEvent) => {
      const { href, external } = event.detail;
      if (!href || external || !href.startsWith('/')) return;
      event.preventDefault();
      void navigate(href);
    },
    [navigate],
  );
}

/** Gives addresses of pages the time range and zone that the person has chosen. */
export function useCarried(): (href: string) => string {
  const [search] = useSearchParams();
  return useCallback(
    (href: string) => (href.includes('?') ? href : `${href}${carriedSearch(search)}`),
    [search],
  );
}

/** A link to a page of the console. */
export function PageLink({
  to,
  variant = 'secondary',
  children,
}: {
  to: string;
  variant?: LinkProps.Variant;
  children: ReactNode;
}) {
  const follow = useFollow();
  const carried = useCarried();
  return (
    <Link href={carried(to)} variant={variant} onFollow={follow}>
      {children}
    </Link>
  );
}

/** A button that opens a page of the console. */
export function PageButton({ to, ...rest }: { to: string } & Omit<ButtonProps, 'href' | 'onFollow'>) {
  const follow = useFollow();
  const carried = useCarried();
  return <Button {...rest} href={carried(to)} onFollow={follow} />;
}
