import type { Cell, View } from '../../core/view.ts';
import type { BillLine, ReadBill } from './bill.ts';
import { startOfDay, startOfMonth } from './periods.ts';

const day = 86_400_000;
const mostTypes = 50;

/** What the metered use of this month would cost at AWS's list prices, by service and by what is counted. */
export function costView(readBill: ReadBill): View {
  return {
    id: 'cost',
    title: 'Cost',
    about:
      'What the metered use of this machine would cost at the list prices of AWS, without free tiers, taxes and discounts.',
    async show() {
      const now = Date.now();
      const from = startOfMonth(now);
      const lines = await readBill({ from, to: startOfDay(now) + day, by: 'day', byResource: false });
      const today = lines.filter(({ time }) => time >= startOfDay(now));
      const services = [...new Set(lines.map(({ service }) => service))];
      return [
        {
          kind: 'fields',
          title: 'This month',
          fields: [
            ['So far', dollars(costOf(lines))],
            ['Today', dollars(costOf(today))],
          ],
        },
        {
          kind: 'table',
          title: 'Services',
          columns: ['Service', 'This month', 'Today'],
          rows: services
            .map((service) => ({
              service,
              month: costOf(lines.filter((line) => line.service === service)),
              today: costOf(today.filter((line) => line.service === service)),
            }))
            .sort((one, other) => other.month - one.month)
            .map((row): Cell[] => [row.service, dollars(row.month), dollars(row.today)]),
          empty: 'Nothing has been used this month.',
        },
        {
          kind: 'table',
          title: 'What is counted',
          about: `The ${mostTypes} that cost most this month.`,
          columns: ['Service', 'Usage type', 'Quantity', 'Cost'],
          rows: typesOf(lines)
            .slice(0, mostTypes)
            .map(({ service, usageType, quantity, unit, cost }): Cell[] => [
              service,
              usageType,
              `${Number(quantity.toPrecision(6))} ${unit}`,
              dollars(cost),
            ]),
          empty: 'Nothing has been counted this month.',
        },
      ];
    },
  };
}

type Sum = Pick<BillLine, 'service' | 'usageType' | 'unit' | 'quantity' | 'cost'>;

/** The sum of each usage type of each service, the dearest first. */
function typesOf(lines: readonly BillLine[]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const { service, usageType, unit, quantity, cost } of lines) {
    const key = `${service}\n${usageType}`;
    const sum = sums.get(key) ?? { service, usageType, unit, quantity: 0, cost: 0 };
    sums.set(key, { ...sum, quantity: sum.quantity + quantity, cost: sum.cost + cost });
  }
  return [...sums.values()].sort((one, other) => other.cost - one.cost || other.quantity - one.quantity);
}

const costOf = (lines: readonly BillLine[]) => lines.reduce((sum, { cost }) => sum + cost, 0);

/** A hundredth of a cent is worth telling here: a day of a machine costs no more than some cents. */
const dollars = (cost: number) => (cost > 0 && cost < 0.0001 ? 'under $0.0001' : `$${cost.toFixed(4)}`);
