/** The jobs of one run that are under way: who was refused for lack of room waits for one of them to end. */
export class OpenJobs {
	private open = 0;

	private waiting: Array<() => void> = [];

	/** Counts a job as open until `work`, its wait, has ended in any way. */
	async track<Result>(work: Promise<Result>): Promise<Result> {
		this.open++;
		try {
			return await work;
		} finally {
			this.open--;
			for (const wake of this.waiting.splice(0)) wake();
		}
	}

	/** Waits until a job has ended; false at once when none is open. */
	async oneEnded(): Promise<boolean> {
		if (this.open === 0) return false;
		await new Promise<void>((resolve) => this.waiting.push(resolve));
		return true;
	}
}
