/** A user of a PostgreSQL server. */
export interface PostgresUser {
	username: string;
	password: string;
}

/** Where a PostgreSQL database is, and who may log in to it. */
export interface PostgresServer extends PostgresUser {
	/** Host name or address. */
	server: string;
	port: number;
	database: string;
	/** The authority that signed the server's certificate, when it is one of our own making. */
	caPem?: string;
	/** A user whom the server lets in over TLS only; absent on a server that we did not start. */
	tlsOnly?: PostgresUser;
	/** The owner of everything on the server; absent on a server that we did not start. */
	superuser?: PostgresUser;
}

/** A server with the sample database, started by `startPostgres`: everything is known about it. */
export type SamplePostgres = Required<PostgresServer>;
