/** Answers that are found once, and kept for as long as what they are about. */

/**
 * Functions ask for each other: whoever asks again while an answer is sought gets `meanwhile`. Without one, finding an answer
 * must not come round to the same question.
 */
export class Answers<About extends WeakKey, Answer extends object | string | boolean | null> {
  readonly #known = new WeakMap<About, Answer>();
  readonly #meanwhile: Answer | undefined;

  constructor(meanwhile?: Answer) {
    this.#meanwhile = meanwhile;
  }

  of(about: About, find: () => Answer): Answer {
    const known = this.#known.get(about);
    if (known !== undefined) return known;
    if (this.#meanwhile !== undefined) this.#known.set(about, this.#meanwhile);
    const answer = find();
    this.#known.set(about, answer);
    return answer;
  }
}

/** The same for questions that say more than what they are about: which parameter, which constants. */
export class DetailedAnswers<About extends WeakKey, Detail, Answer extends object | string | boolean | null> {
  readonly #known = new WeakMap<About, Map<Detail, Answer>>();

  of(about: About, detail: Detail, meanwhile: Answer, find: () => Answer): Answer {
    const ofIt = this.#known.get(about) ?? new Map<Detail, Answer>();
    this.#known.set(about, ofIt);
    let answer = ofIt.get(detail);
    if (answer === undefined) {
      ofIt.set(detail, meanwhile);
      answer = find();
      ofIt.set(detail, answer);
    }
    return answer;
  }
}
