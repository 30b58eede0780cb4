"""The worker program: runs background jobs (procrastinate), as many machines as one likes.

`tasks` is the single list of jobs. A job was deferred in the transaction of a business act
(`homecare.kernel.jobs.defer`); it takes ids, may run twice, and does its work in transactions of its own.
"""
