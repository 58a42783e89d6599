/** What an order costs: `{ id, items: [{ price, count }] }` in, the same with its `total` out. */
export const handler = async ({ id, items }) => {
  const total = items.reduce((sum, { price, count }) => sum + price * count, 0);
  console.log(`order ${id} costs ${total}`);
  return { id, items, total };
};
