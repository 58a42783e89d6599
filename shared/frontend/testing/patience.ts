import { configure } from '@testing-library/react';

// A page that loads its parts lazily takes longer than the usual second on a busy machine; who waits goes on at once.
configure({ asyncUtilTimeout: 10_000 });
