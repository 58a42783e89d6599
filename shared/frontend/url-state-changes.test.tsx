import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { expect, test } from 'vitest';
import { text, useUrlState } from './url-state.ts';

const keys = { find: text(), span: text() } as const;

function setUp(address: string) {
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={[address]}>{children}</MemoryRouter>
  );
  return renderHook(() => ({ state: useUrlState(keys), search: useLocation().search }), { wrapper });
}

test('two changes before the page is drawn again are both in the address', () => {
  const { result } = setUp('/?zone=UTC');
  const [, change] = result.current.state;
  act(() => {
    change({ span: 's1' });
    change({ find: 'projection' });
  });
  expect(result.current.search).toBe('?zone=UTC&span=s1&find=projection');
});

test('a change begins from what is shown, not from what was once asked for', () => {
  const { result } = setUp('/');
  act(() => result.current.state[1]({ find: 'a' }));
  act(() => result.current.state[1]({ find: '' }));
  expect(result.current.search).toBe('');
  act(() => result.current.state[1]({ span: 's1' }));
  expect(result.current.search).toBe('?span=s1');
});

test('a change by a function of an earlier drawing keeps what has come since', () => {
  const { result } = setUp('/');
  const [, early] = result.current.state;
  act(() => result.current.state[1]({ span: 's1' }));
  act(() => early({ find: 'late' }));
  expect(result.current.search).toBe('?span=s1&find=late');
});

test('what was asked for and never shown says nothing to the page that comes next', () => {
  const first = setUp('/');
  act(() => {
    first.result.current.state[1]({ find: 'a' });
    first.unmount();
  });
  const { result } = setUp('/');
  act(() => result.current.state[1]({ span: 's1' }));
  expect(result.current.search).toBe('?span=s1');
});
