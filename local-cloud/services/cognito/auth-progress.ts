/** One challenge that was answered, as the triggers see it in `session`. */
export interface ChallengeResult {
  challengeName: string;
  challengeResult: boolean;
  challengeMetadata?: string | null;
}

/** How far a custom authentication came. */
export interface AuthProgress {
  username: string;
  results: ChallengeResult[];
  /** The client's public value, where the password is to be one of the challenges. */
  clientPublicValue?: string;
}
