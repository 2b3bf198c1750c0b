-- The tables and functions of one module. {schema}, {lock} and {channel} stand for
-- the module's schema, the key of its advisory lock and its channel.

CREATE TABLE {schema}.streams (
	id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text COLLATE "C" NOT NULL UNIQUE
);
CREATE TABLE {schema}.types (
	id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text COLLATE "C" NOT NULL UNIQUE
);

-- The one index that all events pay for beside the key is that of the streams;
-- the index of commands has one entry an append, and that of triggers one for
-- each event that a policy led to.
CREATE TABLE {schema}.events (
	position    bigint PRIMARY KEY,
	stream      bigint NOT NULL,   -- id in streams
	version     bigint NOT NULL,
	time        bigint NOT NULL,   -- nanoseconds since 1970, UTC
	type        integer NOT NULL,  -- id in types
	number      smallint NOT NULL, -- of the event among those of its command
	command     uuid NOT NULL,
	trigger     uuid,              -- an event; NULL when the command came from outside
	correlation uuid,              -- a command; NULL when it is the event's own
	actor       text COLLATE "C",
	metadata    bytea,             -- JSON
	data        bytea NOT NULL,    -- JSON
	UNIQUE (stream, version)
);
CREATE UNIQUE INDEX events_command ON {schema}.events (command) WHERE number = 0;
CREATE INDEX events_trigger ON {schema}.events (trigger, position) WHERE trigger IS NOT NULL;

CREATE TABLE {schema}.documents (
	collection text COLLATE "C" NOT NULL,
	key        text COLLATE "C" NOT NULL,
	data       bytea NOT NULL,
	PRIMARY KEY (collection, key)
) WITH (fillfactor = 80);

-- A row for each process that writes: its last transaction, so that one whose
-- connection broke can ask what became of it.
CREATE TABLE {schema}.writers (
	id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	epoch   bigint NOT NULL DEFAULT 0, -- what was sent under an older one is refused
	round   bigint NOT NULL DEFAULT 0,
	outcome bigint[],
	used    timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 20);

-- write does the writes of a group of members, each of them all or nothing,
-- and returns for each member its status (0 stored, 1 an expectation of a
-- document, 2 the version of a stream, 3 the command is there already), which
-- expectation or append it was, and what was found; then for each append its
-- first position and the version before it; then, when there are appends, the
-- last position, the numbers of the streams (zero for one that is not there),
-- their versions and, when anything was stored, the numbers of the types.
CREATE FUNCTION {schema}.write(
	p_writer bigint, p_epoch bigint, p_round bigint, p_lazy boolean, p_members integer,
	p_streams text[], p_types text[],
	a_member integer[], a_stream integer[], a_expected bigint[], a_command uuid[], a_count integer[], a_repeats boolean[],
	r_append integer[], r_number smallint[], r_type integer[], r_time bigint[], r_trigger uuid[], r_correlation uuid[],
	r_actor text[], r_metadata bytea[], r_data bytea[],
	e_member integer[], e_collection text[], e_key text[], e_data bytea[],
	w_member integer[], w_collection text[], w_key text[], w_data bytea[]
) RETURNS bigint[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
	v_status   bigint[] := array_fill(0::bigint, ARRAY[p_members]);
	v_detail   bigint[] := v_status;
	v_found    bigint[] := v_status;
	v_appends  integer := cardinality(a_member);
	v_first    bigint[] := '{}';
	v_before   bigint[] := '{}';
	v_outcome  bigint[];
	v_known    bigint[];
	v_ids      bigint[];
	v_versions bigint[];
	v_types    integer[];
	v_head     bigint;
	v_tail     bigint;
	m integer;
	s integer;
	i integer;
	j integer;
BEGIN
	-- From here to the end of the transaction nobody else writes to the module,
	-- so that positions become visible in their order. Each statement below sees
	-- what was committed before.
	PERFORM pg_advisory_xact_lock({lock});
	IF p_lazy THEN
		PERFORM set_config('synchronous_commit', 'off', true);
	END IF;

	IF cardinality(e_member) > 0 THEN
		FOR m, i IN
			SELECT e.m, e.o FROM unnest(e_member, e_collection, e_key, e_data) WITH ORDINALITY AS e(m, c, k, d, o)
			WHERE (SELECT d.data FROM {schema}.documents d WHERE d.collection = e.c AND d.key = e.k) IS DISTINCT FROM e.d
			ORDER BY e.o
		LOOP
			IF v_status[m] = 0 THEN
				v_status[m] := 1;
				v_detail[m] := i;
			END IF;
		END LOOP;
	END IF;

	IF v_appends > 0 THEN
		v_head := coalesce((SELECT e.position FROM {schema}.events e ORDER BY e.position DESC LIMIT 1), 0);
		v_tail := v_head;
		v_first := array_fill(0::bigint, ARRAY[v_appends]);
		v_before := v_first;
		v_ids := ARRAY(SELECT coalesce((SELECT s.id FROM {schema}.streams s WHERE s.name = u.name), 0) FROM unnest(p_streams) u(name));
		v_versions := ARRAY(SELECT coalesce((SELECT e.version FROM {schema}.events e WHERE e.stream = u.id ORDER BY e.version DESC LIMIT 1), 0) FROM unnest(v_ids) u(id));
		v_known := ARRAY(SELECT coalesce((SELECT e.position FROM {schema}.events e WHERE e.command = u.command AND e.number = 0), 0) FROM unnest(a_command) u(command));
		FOR i IN 1 .. v_appends LOOP
			m := a_member[i];
			CONTINUE WHEN v_status[m] <> 0;
			s := a_stream[i];
			IF v_known[i] <> 0 OR a_repeats[i] THEN
				v_status[m] := 3;
				v_found[m] := v_known[i];
			ELSIF a_expected[i] <> -1 AND a_expected[i] <> v_versions[s] THEN
				v_status[m] := 2;
				v_found[m] := v_versions[s];
			ELSE
				v_first[i] := v_tail + 1;
				v_before[i] := v_versions[s];
				v_tail := v_tail + a_count[i];
				v_versions[s] := v_before[i] + a_count[i];
				CONTINUE;
			END IF;
			v_detail[m] := i;
			j := i - 1;
			WHILE a_member[j] = m LOOP -- the member's earlier appends are undone with it
				v_tail := v_tail - a_count[j];
				v_versions[a_stream[j]] := v_before[j];
				v_first[j] := 0;
				j := j - 1;
			END LOOP;
		END LOOP;
	END IF;

	IF v_tail > v_head THEN
		IF 0 = ANY (v_ids) THEN
			INSERT INTO {schema}.streams (name)
				SELECT u.name FROM unnest(p_streams, v_ids, v_versions) u(name, id, version) WHERE u.id = 0 AND u.version > 0;
			v_ids := ARRAY(SELECT coalesce((SELECT s.id FROM {schema}.streams s WHERE s.name = u.name), 0) FROM unnest(p_streams) u(name));
		END IF;
		v_types := ARRAY(SELECT coalesce((SELECT t.id FROM {schema}.types t WHERE t.name = u.name), 0) FROM unnest(p_types) u(name));
		IF 0 = ANY (v_types) THEN
			INSERT INTO {schema}.types (name) SELECT u.name FROM unnest(p_types, v_types) u(name, id) WHERE u.id = 0;
			v_types := ARRAY(SELECT (SELECT t.id FROM {schema}.types t WHERE t.name = u.name) FROM unnest(p_types) u(name));
		END IF;
		INSERT INTO {schema}.events (position, stream, version, time, type, number, command, trigger, correlation, actor, metadata, data)
			SELECT v_first[r.a] + r.number, v_ids[a_stream[r.a]], v_before[r.a] + r.number + 1, r.time, v_types[r.type],
				r.number, a_command[r.a], r.trigger, r.correlation, r.actor, r.metadata, r.data
			FROM unnest(r_append, r_number, r_type, r_time, r_trigger, r_correlation, r_actor, r_metadata, r_data)
				AS r(a, number, type, time, trigger, correlation, actor, metadata, data)
			WHERE v_first[r.a] > 0;
	END IF;

	IF cardinality(w_member) > 0 THEN
		DELETE FROM {schema}.documents d USING unnest(w_member, w_collection, w_key, w_data) AS w(m, c, k, d)
			WHERE w.d IS NULL AND v_status[w.m] = 0 AND d.collection = w.c AND d.key = w.k;
		INSERT INTO {schema}.documents (collection, key, data)
			SELECT w.c, w.k, w.d FROM unnest(w_member, w_collection, w_key, w_data) AS w(m, c, k, d)
			WHERE w.d IS NOT NULL AND v_status[w.m] = 0
			ON CONFLICT (collection, key) DO UPDATE SET data = excluded.data;
	END IF;

	v_outcome := v_status || v_detail || v_found || v_first || v_before;
	IF v_appends > 0 THEN
		v_outcome := v_outcome || v_tail || v_ids || v_versions || v_types::bigint[];
	END IF;
	UPDATE {schema}.writers w SET round = p_round, outcome = v_outcome, used = now() WHERE w.id = p_writer AND w.epoch = p_epoch;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'writer % of epoch % is no longer known', p_writer, p_epoch USING ERRCODE = 'LF001';
	END IF;
	RETURN v_outcome;
END $$;

-- write_known does the same for a group that will be stored as a whole if
-- nobody else has written since the writer learnt what the streams are at: then
-- all positions and versions are known before. It returns false, and has
-- done nothing, when that is not so.
CREATE FUNCTION {schema}.write_known(
	p_writer bigint, p_epoch bigint, p_round bigint, p_lazy boolean, p_head bigint,
	r_position bigint[], r_stream bigint[], r_version bigint[], r_time bigint[], r_type integer[], r_number smallint[], r_command uuid[],
	r_trigger uuid[], r_correlation uuid[], r_actor text[], r_metadata bytea[], r_data bytea[],
	e_collection text[], e_key text[], e_data bytea[],
	w_collection text[], w_key text[], w_data bytea[]
) RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
	PERFORM pg_advisory_xact_lock({lock});
	IF p_lazy THEN
		PERFORM set_config('synchronous_commit', 'off', true);
	END IF;
	IF cardinality(e_key) > 0 AND EXISTS (
		SELECT FROM unnest(e_collection, e_key, e_data) AS e(c, k, d)
		WHERE (SELECT d.data FROM {schema}.documents d WHERE d.collection = e.c AND d.key = e.k) IS DISTINCT FROM e.d
	) THEN
		RETURN false;
	END IF;
	IF cardinality(r_position) > 0 THEN
		IF p_head <> coalesce((SELECT e.position FROM {schema}.events e ORDER BY e.position DESC LIMIT 1), 0) THEN
			RETURN false;
		END IF;
		BEGIN
			INSERT INTO {schema}.events (position, stream, version, time, type, number, command, trigger, correlation, actor, metadata, data)
				SELECT * FROM unnest(r_position, r_stream, r_version, r_time, r_type, r_number, r_command, r_trigger, r_correlation, r_actor, r_metadata, r_data);
		EXCEPTION WHEN unique_violation THEN -- a command that is there already
			RETURN false;
		END;
	END IF;
	IF cardinality(w_key) > 0 THEN
		DELETE FROM {schema}.documents d USING unnest(w_collection, w_key, w_data) AS w(c, k, d)
			WHERE w.d IS NULL AND d.collection = w.c AND d.key = w.k;
		INSERT INTO {schema}.documents (collection, key, data)
			SELECT w.c, w.k, w.d FROM unnest(w_collection, w_key, w_data) AS w(c, k, d) WHERE w.d IS NOT NULL
			ON CONFLICT (collection, key) DO UPDATE SET data = excluded.data;
	END IF;
	UPDATE {schema}.writers w SET round = p_round, outcome = '{}', used = now() WHERE w.id = p_writer AND w.epoch = p_epoch;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'writer % of epoch % is no longer known', p_writer, p_epoch USING ERRCODE = 'LF001';
	END IF;
	RETURN true;
END $$;

-- What follows is for people; the program does not use it.

CREATE FUNCTION {schema}.readable(bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN convert_from(bytes, 'UTF8');
EXCEPTION WHEN character_not_in_repertoire OR untranslatable_character THEN
	RETURN encode(bytes, 'escape');
END $$;

CREATE VIEW {schema}.log AS
	SELECT e.position, timestamptz 'epoch' + e.time / 1000 * interval '1 microsecond' AS time,
		s.name AS stream, e.version, t.name AS type, e.command, e.number, e.trigger,
		coalesce(e.correlation, e.command) AS correlation, e.actor,
		{schema}.readable(e.metadata) AS metadata, {schema}.readable(e.data) AS data
	FROM {schema}.events e JOIN {schema}.streams s ON s.id = e.stream JOIN {schema}.types t ON t.id = e.type;

CREATE VIEW {schema}.readable_documents AS
	SELECT d.collection, d.key, {schema}.readable(d.data) AS data FROM {schema}.documents d;
