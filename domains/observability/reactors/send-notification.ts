import { reactor } from '#shared/definition/reactor.ts';
import { alertNotification } from '../alert-notification/alert-notification.ts';
import { attendNotification } from './attend-notification.ts';

/** Sends a message as soon as it is asked for, or asked for again. */
export const sendNotification = reactor({
  follows: alertNotification,
  uses: ['keys'],
  react: ({ tenant, id }, context) => attendNotification(tenant, id, context),
});
