/** What a notification carries besides its events. */
export interface NotificationForm {
  /** `own`: the records of its events; `page`: those of all events that were found with them, as the platform does. */
  readonly raw: 'own' | 'page';
  /** A larger body is never sent: there are fewer events in it then, and of a record that is larger only its id. */
  readonly mostBytes: number;
}

export const defaultNotificationForm: NotificationForm = { raw: 'own', mostBytes: 256 * 1024 };
