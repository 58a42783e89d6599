import { describe, expect, it } from 'vitest';
import { platformNames, readModelPath, readModelTable, readModelVariable, resourceName } from './names.ts';
import { absoluteRoute } from './routes.ts';

describe('names', () => {
  it('say application, environment, domain and resource', () => {
    expect(resourceName('dev', 'sales', 'place-order')).toBe('skafu-dev-sales-place-order');
    expect(platformNames('dev')).toEqual({
      eventStoreTable: 'skafu-dev-platform-event-store',
      personalKeysTable: 'skafu-dev-platform-personal-keys',
      eventsBus: 'skafu-dev-events',
      errorsBus: 'skafu-dev-errors',
    });
  });

  it('are refused before AWS refuses them', () => {
    expect(() => resourceName('staging', 'sales', 'x'.repeat(50))).toThrow('AWS allows 64');
  });

  it('of read models follow from one word', () => {
    expect(readModelTable('dev', 'sales', 'openOrders')).toBe('skafu-dev-sales-open-orders');
    expect(readModelPath('sales', 'openOrders')).toBe('sales/open-orders');
    expect(readModelVariable('openOrders')).toBe('READ_MODEL_OPEN_ORDERS');
  });
});

describe('routes', () => {
  it('stand below the domain', () => {
    expect(absoluteRoute('sales', 'GET /orders/{orderId}')).toBe('GET /api/v1/sales/orders/{orderId}');
    expect(absoluteRoute('sales', 'GET /')).toBe('GET /api/v1/sales');
  });

  it.each(['/orders', 'get /orders', 'GET orders', 'GET  /orders'])('are no routes: %s', (route) => {
    expect(() => absoluteRoute('sales', route)).toThrow('is no route');
  });
});
