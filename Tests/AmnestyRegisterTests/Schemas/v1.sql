PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('v1 the register');
CREATE TABLE register (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uuid TEXT NOT NULL CHECK (length(uuid) = 32),
  created_at INTEGER NOT NULL,
  clean_stop INTEGER NOT NULL CHECK (clean_stop IN (0, 1)),
  -- Positions of changes up to this one are not given out any more.
  change_base INTEGER NOT NULL DEFAULT 0,
  probed_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO register VALUES(1,'f48c55ff60f939b3feb6765ad7c27880',1668038400000,1,0,0);
CREATE TABLE authors (
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL CHECK (person <> ''),
  principal TEXT NOT NULL CHECK (principal <> ''),
  actor TEXT,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'registrar', 'preparer', 'authority', 'executor', 'aftercare', 'auditor', 'admin', 'delegate')),
  office TEXT NOT NULL
) STRICT;
INSERT INTO authors VALUES(1,'person-registrar','user:1016',NULL,'registrar','almaty');
INSERT INTO authors VALUES(2,'person-preparer','user:1015',NULL,'preparer','almaty');
INSERT INTO authors VALUES(3,'person-authority','user:1016',NULL,'authority','almaty');
INSERT INTO authors VALUES(4,'person-executor','user:1015',NULL,'executor','almaty');
INSERT INTO authors VALUES(5,'court-service','user:1013',NULL,'delegate','almaty');
INSERT INTO authors VALUES(6,'person-judge','user:1012',NULL,'authority','almaty');
CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE CHECK (length(reference) BETWEEN 1 AND 64),
  version INTEGER NOT NULL CHECK (version >= 1),
  office TEXT NOT NULL CHECK (office <> ''),
  state TEXT NOT NULL CHECK (state IN ('registered', 'assessed', 'referred', 'proposed', 'granted', 'refused', 'awaiting_judgment',
    'executed', 'aftercare', 'closed', 'withdrawn', 'revoked')),
  registrant TEXT NOT NULL CHECK (registrant <> ''),
  record_authors TEXT NOT NULL CHECK (json_valid(record_authors)),
  assigned_to TEXT CHECK (assigned_to <> ''),
  assessment INTEGER,
  resolution TEXT CHECK (resolution IS NULL OR json_valid(resolution)),
  proposal TEXT CHECK (proposal IS NULL OR json_valid(proposal)),
  decision TEXT CHECK (decision IS NULL OR json_valid(decision)),
  objection TEXT CHECK (objection IS NULL OR json_valid(objection)),
  appeal TEXT CHECK (appeal IS NULL OR json_valid(appeal)),
  judgment TEXT CHECK (judgment IS NULL OR json_valid(judgment)),
  execution TEXT CHECK (execution IS NULL OR json_valid(execution)),
  revocation TEXT CHECK (revocation IS NULL OR json_valid(revocation)),
  closure TEXT CHECK (closure IN ('done', 'proceedings_continue')),
  reassessment_due INTEGER NOT NULL CHECK (reassessment_due IN (0, 1)),
  sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  departs INTEGER NOT NULL CHECK (departs IN (0, 1)),
  record_version INTEGER NOT NULL,
  record_digest TEXT NOT NULL CHECK (record_digest <> ''),
  stage TEXT,
  detained INTEGER CHECK (detained IN (0, 1)),
  gravities TEXT NOT NULL,
  articles TEXT NOT NULL,
  person_key TEXT CHECK (person_key <> ''),
  outcome TEXT CHECK (outcome IN ('eligible', 'partial', 'ineligible', 'undetermined', 'referred')),
  measures TEXT NOT NULL,
  act_digest TEXT,
  clocks TEXT NOT NULL CHECK (json_valid(clocks)),
  deadline INTEGER,
  links INTEGER NOT NULL CHECK (links >= 1),
  assessments INTEGER NOT NULL CHECK (assessments >= 0),
  first_change INTEGER NOT NULL,
  registered_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL CHECK (updated_at >= registered_at),
  deadline_key INTEGER AS (ifnull(deadline, 2147483647)) VIRTUAL,
  detention_rank INTEGER AS (CASE detained WHEN 1 THEN 0 WHEN 0 THEN 2 ELSE 1 END) VIRTUAL,
  CHECK (state NOT IN ('assessed', 'referred', 'proposed') OR assessment IS NOT NULL),
  CHECK (state <> 'proposed' OR proposal IS NOT NULL),
  CHECK (state NOT IN ('granted', 'refused', 'awaiting_judgment', 'executed', 'aftercare', 'closed') OR decision IS NOT NULL),
  CHECK (state IN ('granted', 'refused', 'awaiting_judgment', 'executed', 'aftercare', 'closed') OR decision IS NULL),
  CHECK (state <> 'aftercare' OR execution IS NOT NULL),
  CHECK (sealed = 0 OR execution IS NOT NULL),
  CHECK (appeal IS NULL OR decision IS NOT NULL),
  CHECK (state <> 'revoked' OR revocation IS NOT NULL),
  CHECK ((assessment IS NULL) = (outcome IS NULL)),
  FOREIGN KEY (id, record_version) REFERENCES records (case_id, number) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (id, assessment) REFERENCES assessments (case_id, number) DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO cases VALUES(1,'SYN-1',6,'almaty','revoked','person-registrar','["person-registrar"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'{"ground":"forged_paper","reason":"forged","person":"person-judge","on":"2022-11-10","at":1668038400000,"orders":[{"kind":"restore_conviction","measure":"remove_conviction"}]}',NULL,1,0,0,1,'sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2','served',1,' grave ',' 202 ',NULL,NULL,'',NULL,'[{"kind":"assignment","started":"2022-11-10","due":"2022-11-12"},{"kind":"assess","started":"2022-11-10","due":"2022-11-15"}]',19308,6,1,1,1668038400000,1668038400000);
INSERT INTO cases VALUES(2,'SYN-A',1,'almaty','registered','person-registrar','["person-registrar"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,1,'sha256:2866dd1b642a0da89e9f29a025621d1a7d53e7017b116ccba443a563b600afeb','sentenced',1,' grave ',' 202 ',NULL,NULL,'',NULL,'[{"kind":"assignment","started":"2022-11-10","due":"2022-11-12"},{"kind":"assess","started":"2022-11-10","due":"2022-11-15"}]',19308,1,0,7,1668038400000,1668038400000);
INSERT INTO cases VALUES(3,'SYN-B',1,'almaty','registered','person-registrar','["person-registrar"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,1,'sha256:14627da4de7cf2f29e472f76b040a851acf4db76cd5c2d0fd100faa5c7f1d52e','sentenced',1,' grave ',' 202 ',NULL,NULL,'',NULL,'[{"kind":"assignment","started":"2022-11-10","due":"2022-11-12"},{"kind":"assess","started":"2022-11-10","due":"2022-11-15"}]',19308,1,0,8,1668038400000,1668038400000);
INSERT INTO cases VALUES(4,'SYN-C',1,'almaty','registered','person-registrar','["person-registrar"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,0,1,'sha256:e973e14941ef1a39397f4e01ff7074b29ae22c019e52f5dbe25a6fdb450e02fc','sentenced',1,' grave ',' 202 ',NULL,NULL,'',NULL,'[{"kind":"assignment","started":"2022-11-10","due":"2022-11-12"},{"kind":"assess","started":"2022-11-10","due":"2022-11-15"}]',19308,1,0,9,1668038400000,1668038400000);
CREATE TABLE records (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  recorded_at INTEGER NOT NULL,
  author INTEGER NOT NULL REFERENCES authors (id),
  digest TEXT NOT NULL CHECK (digest <> ''),
  reason TEXT,
  names TEXT NOT NULL CHECK (json_valid(names)),
  iin TEXT,
  sources TEXT NOT NULL CHECK (json_valid(sources)),
  bytes BLOB NOT NULL,
  UNIQUE (case_id, number)
) STRICT;
INSERT INTO records VALUES(1,1,1668038400000,1,'sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',NULL,'[{"family":"Сериков","given":"Ерлан"}]',NULL,'[]',X'7b226e6f7465223a22222c22706572736f6e223a7b2266616d696c794e616d65223a22d0a1d0b5d180d0b8d0bad0bed0b2222c22676976656e4e616d65223a22d095d180d0bbd0b0d0bd227d2c227374616765223a22736572766564227d');
INSERT INTO records VALUES(2,1,1668038400000,1,'sha256:2866dd1b642a0da89e9f29a025621d1a7d53e7017b116ccba443a563b600afeb',NULL,'[{"family":"Сериков","given":"Ерлан"}]',NULL,'[]',X'7b226e6f7465223a2253594e2d41222c22706572736f6e223a7b2266616d696c794e616d65223a22d0a1d0b5d180d0b8d0bad0bed0b2222c22676976656e4e616d65223a22d095d180d0bbd0b0d0bd227d2c227374616765223a2273656e74656e636564227d');
INSERT INTO records VALUES(3,1,1668038400000,1,'sha256:14627da4de7cf2f29e472f76b040a851acf4db76cd5c2d0fd100faa5c7f1d52e',NULL,'[{"family":"Сериков","given":"Ерлан"}]',NULL,'[]',X'7b226e6f7465223a2253594e2d42222c22706572736f6e223a7b2266616d696c794e616d65223a22d0a1d0b5d180d0b8d0bad0bed0b2222c22676976656e4e616d65223a22d095d180d0bbd0b0d0bd227d2c227374616765223a2273656e74656e636564227d');
INSERT INTO records VALUES(4,1,1668038400000,1,'sha256:e973e14941ef1a39397f4e01ff7074b29ae22c019e52f5dbe25a6fdb450e02fc',NULL,'[{"family":"Сериков","given":"Ерлан"}]',NULL,'[]',X'7b226e6f7465223a2253594e2d43222c22706572736f6e223a7b2266616d696c794e616d65223a22d0a1d0b5d180d0b8d0bad0bed0b2222c22676976656e4e616d65223a22d095d180d0bbd0b0d0bd227d2c227374616765223a2273656e74656e636564227d');
CREATE TABLE assessments (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  at INTEGER NOT NULL,
  author INTEGER NOT NULL REFERENCES authors (id),
  act_id TEXT NOT NULL CHECK (act_id <> ''),
  act_version TEXT NOT NULL,
  act_digest TEXT NOT NULL CHECK (act_digest <> ''),
  in_force_from INTEGER,
  execute_through INTEGER,
  record_version INTEGER NOT NULL,
  record_digest TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  final INTEGER NOT NULL CHECK (final IN (0, 1)),
  outcome TEXT NOT NULL CHECK (outcome IN ('eligible', 'partial', 'ineligible', 'undetermined', 'referred')),
  measures TEXT NOT NULL,
  release_on INTEGER,
  new_end INTEGER,
  bytes BLOB NOT NULL,
  UNIQUE (case_id, number),
  FOREIGN KEY (case_id, record_version) REFERENCES records (case_id, number)
) STRICT;
INSERT INTO assessments VALUES(1,1,1668038400000,2,'made-up-act','1.0.0','sha256:act-1',19299,19480,1,'sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',19306,1,'eligible','remove_conviction',NULL,19457,X'7b226f7574636f6d65223a22656c696769626c65227d');
CREATE TABLE links (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  number INTEGER NOT NULL CHECK (number >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('register', 'update', 'assess', 'resolve_referral', 'propose', 'return', 'object', 'withdraw_objection',
    'decide', 'record_judgment', 'execute', 'appeal', 'resolve_appeal', 'revoke', 'close', 'withdraw', 'assign', 'unassign', 'transfer',
    'pause_clock', 'resume_clock', 'need')),
  at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  author INTEGER NOT NULL REFERENCES authors (id),
  from_state TEXT,
  to_state TEXT NOT NULL,
  assessment INTEGER,
  act_digest TEXT,
  facts_digest TEXT NOT NULL,
  reason TEXT,
  departs INTEGER NOT NULL CHECK (departs IN (0, 1)),
  details TEXT NOT NULL CHECK (json_valid(details)),
  UNIQUE (case_id, number),
  CHECK ((number = 1) = (kind = 'register')),
  CHECK ((number = 1) = (from_state IS NULL)),
  CHECK (kind <> 'decide' OR assessment IS NOT NULL),
  CHECK (departs = 0 OR reason IS NOT NULL)
) STRICT;
INSERT INTO links VALUES(1,1,'register',1668038400000,19306,1,NULL,'registered',NULL,NULL,'sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',NULL,0,'[["office","almaty"]]');
INSERT INTO links VALUES(1,2,'assess',1668038400000,19306,2,'registered','assessed',1,'sha256:act-1','sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',NULL,0,'[["outcome","eligible"],["measures","remove_conviction"]]');
INSERT INTO links VALUES(1,3,'propose',1668038400000,19306,2,'assessed','proposed',1,'sha256:act-1','sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',NULL,0,'[["verdict","grant"],["measures","remove_conviction"]]');
INSERT INTO links VALUES(1,4,'decide',1668038400000,19306,3,'proposed','granted',1,'sha256:act-1','sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',NULL,0,'[["verdict","grant"],["measures","remove_conviction"],["body","court"]]');
INSERT INTO links VALUES(1,5,'execute',1668038400000,19306,4,'granted','executed',1,'sha256:act-1','sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2',NULL,0,'[["order","remove_conviction"]]');
INSERT INTO links VALUES(1,6,'revoke',1668038400000,19306,6,'executed','revoked',1,'sha256:act-1','sha256:4b26f58f42f95559bf6043612cfb5e4eae904e1d6a60e64c35a55c48d56ec6e2','forged',0,'[["ground","forged_paper"],["order","restore_conviction"]]');
INSERT INTO links VALUES(2,1,'register',1668038400000,19306,1,NULL,'registered',NULL,NULL,'sha256:2866dd1b642a0da89e9f29a025621d1a7d53e7017b116ccba443a563b600afeb',NULL,0,'[["office","almaty"]]');
INSERT INTO links VALUES(3,1,'register',1668038400000,19306,1,NULL,'registered',NULL,NULL,'sha256:14627da4de7cf2f29e472f76b040a851acf4db76cd5c2d0fd100faa5c7f1d52e',NULL,0,'[["office","almaty"]]');
INSERT INTO links VALUES(4,1,'register',1668038400000,19306,1,NULL,'registered',NULL,NULL,'sha256:e973e14941ef1a39397f4e01ff7074b29ae22c019e52f5dbe25a6fdb450e02fc',NULL,0,'[["office","almaty"]]');
CREATE TABLE changes (
  position INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  state TEXT NOT NULL,
  office TEXT NOT NULL,
  left_office TEXT,
  sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
  was_sealed INTEGER NOT NULL CHECK (was_sealed IN (0, 1)),
  at INTEGER NOT NULL
) STRICT;
INSERT INTO changes VALUES(1,1,'register',1,'registered','almaty',NULL,0,0,1668038400000);
INSERT INTO changes VALUES(2,1,'assess',2,'assessed','almaty',NULL,0,0,1668038400000);
INSERT INTO changes VALUES(3,1,'propose',3,'proposed','almaty',NULL,0,0,1668038400000);
INSERT INTO changes VALUES(4,1,'decide',4,'granted','almaty',NULL,0,0,1668038400000);
INSERT INTO changes VALUES(5,1,'execute',5,'executed','almaty',NULL,1,0,1668038400000);
INSERT INTO changes VALUES(6,1,'revoke',6,'revoked','almaty',NULL,0,1,1668038400000);
INSERT INTO changes VALUES(7,2,'register',1,'registered','almaty',NULL,0,0,1668038400000);
INSERT INTO changes VALUES(8,3,'register',1,'registered','almaty',NULL,0,0,1668038400000);
INSERT INTO changes VALUES(9,4,'register',1,'registered','almaty',NULL,0,0,1668038400000);
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('command', 'read', 'denied', 'start', 'stop', 'gap', 'checkpoint', 'restore')),
  at INTEGER NOT NULL,
  author INTEGER REFERENCES authors (id),
  method TEXT NOT NULL,
  subject TEXT,
  details TEXT NOT NULL CHECK (json_valid(details)),
  previous BLOB NOT NULL CHECK (length(previous) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO audit VALUES(1,'start',1668038400000,NULL,'register/start',NULL,'[]',X'0000000000000000000000000000000000000000000000000000000000000000',X'b748ef47851cf6075f9cccfabfdff2cc9bcbf484675fcc543d28e7da43bc35c4');
INSERT INTO audit VALUES(2,'command',1668038400000,1,'amnesty.v1.CaseService/Test','SYN-1','[["link","1"],["kind","register"],["digest","sha256:e2edec7821c73e6e3f63709b8d348da86e9d9f74135b95db3f5be2ed14b3421a"]]',X'b748ef47851cf6075f9cccfabfdff2cc9bcbf484675fcc543d28e7da43bc35c4',X'afa306f14f0db261db056909934b43fd3d8c6457cdd01e7f8510e933a20232cf');
INSERT INTO audit VALUES(3,'command',1668038400000,2,'amnesty.v1.CaseService/Test','SYN-1','[["link","2"],["kind","assess"],["digest","sha256:4d2103e08dd81a3067d7a5ee071a288e0c181c791818f2c19d985ba4f1e16bac"]]',X'afa306f14f0db261db056909934b43fd3d8c6457cdd01e7f8510e933a20232cf',X'253454c4b73521f4c985c8e90482017f0482fc3e4f19c0121c27d8f66cc093df');
INSERT INTO audit VALUES(4,'command',1668038400000,2,'amnesty.v1.CaseService/Test','SYN-1','[["link","3"],["kind","propose"],["digest","sha256:7243f7b1d698a17e63b7170cfa0b598a86cc9754018c21a4544753be0db236f0"]]',X'253454c4b73521f4c985c8e90482017f0482fc3e4f19c0121c27d8f66cc093df',X'6c7b2bce914eb00624a836994d9871beda97b6a18444835f408a5535c21ae53e');
INSERT INTO audit VALUES(5,'command',1668038400000,3,'amnesty.v1.CaseService/Test','SYN-1','[["link","4"],["kind","decide"],["digest","sha256:218fbf2f1f58a089b284aacd7b6a16d3d4bf67da6d14ba06eaabe00b06cb0082"]]',X'6c7b2bce914eb00624a836994d9871beda97b6a18444835f408a5535c21ae53e',X'82ff4d308ec17c231043f0a5346cea5c09517f208f35d6307fdf1dfcffad7028');
INSERT INTO audit VALUES(6,'command',1668038400000,4,'amnesty.v1.CaseService/Test','SYN-1','[["link","5"],["kind","execute"],["digest","sha256:f0508a615eaff07143582a559c8e3962c3125bc5e7a8ed73be71baeebb14e03f"]]',X'82ff4d308ec17c231043f0a5346cea5c09517f208f35d6307fdf1dfcffad7028',X'4437a4fde9f60b6eac1033d42d99dbfdffd89808e2b5c08757d4d0476c7befa8');
INSERT INTO audit VALUES(7,'command',1668038400000,5,'amnesty.v1.CaseService/Test','SYN-1','[["propagation","1"],["subscriber","court-registry"]]',X'4437a4fde9f60b6eac1033d42d99dbfdffd89808e2b5c08757d4d0476c7befa8',X'afc44665c260aed1b415acad5abc9e3822551df5d03cf3c445ae4fb291c5e426');
INSERT INTO audit VALUES(8,'command',1668038400000,5,'amnesty.v1.CaseService/Test','SYN-1','[["propagation","1"],["subscriber","court-registry"]]',X'afc44665c260aed1b415acad5abc9e3822551df5d03cf3c445ae4fb291c5e426',X'1f1bad4a0b349cbd10e7801d64908e2ecfa02de7fa7c328862130a40cfaaa6df');
INSERT INTO audit VALUES(9,'command',1668038400000,6,'amnesty.v1.CaseService/Test','SYN-1','[["link","6"],["kind","revoke"],["digest","sha256:f1e387f20284715bf9e0015759421a6d563221a6f3d70bfffe7bba006f7fade0"]]',X'1f1bad4a0b349cbd10e7801d64908e2ecfa02de7fa7c328862130a40cfaaa6df',X'5f0b100f283ded7e9df53a873e400b713605ca2ee4c9639aeadd9f04438e51fc');
INSERT INTO audit VALUES(10,'command',1668038400000,1,'amnesty.v1.CaseService/Test','SYN-A','[["link","1"],["kind","register"],["digest","sha256:959cfada2d233da3995145730b7d048e47b29c81af62c00c4092c02a83c18aaa"]]',X'5f0b100f283ded7e9df53a873e400b713605ca2ee4c9639aeadd9f04438e51fc',X'915f2aba070533a6e87e61b81adb181982166eddae3bd6ec1993e2176f678817');
INSERT INTO audit VALUES(11,'command',1668038400000,1,'amnesty.v1.CaseService/Test','SYN-B','[["link","1"],["kind","register"],["digest","sha256:02899bf7cbe4c1083349d81d648f3c8d9aa58f9f6c6cb110d87644f2d3397764"]]',X'915f2aba070533a6e87e61b81adb181982166eddae3bd6ec1993e2176f678817',X'b3b6607866865bab30e89b5e46f0701917a347f8071141a4e3b091e9ac81043b');
INSERT INTO audit VALUES(12,'command',1668038400000,1,'amnesty.v1.CaseService/Test','SYN-C','[["link","1"],["kind","register"],["digest","sha256:2dd3c9d9e42cb4878f7060d1adde35604d67b3afee34ef4fdd335cb00c7b1616"]]',X'b3b6607866865bab30e89b5e46f0701917a347f8071141a4e3b091e9ac81043b',X'1a6f83af6647b69efd9b0d33d517e2e46c4358b68fbda98f64ee052888a56347');
INSERT INTO audit VALUES(13,'stop',1668038400000,NULL,'register/stop',NULL,'[]',X'1a6f83af6647b69efd9b0d33d517e2e46c4358b68fbda98f64ee052888a56347',X'1e3edf80dd828b5835d635318be35dccb81f1987d510e22f1d276eb6b47ee56b');
CREATE TABLE answers (
  key TEXT NOT NULL CHECK (key <> ''),
  method TEXT NOT NULL,
  principal TEXT NOT NULL,
  actor TEXT NOT NULL,
  digest BLOB NOT NULL,
  answer BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (key, method, principal, actor)
) STRICT;
INSERT INTO answers VALUES('SYN-A','amnesty.v1.CaseService/Test','user:1016','',X'00',X'53594e2d4120763120726567697374657265642031',1668038400000);
INSERT INTO answers VALUES('SYN-B','amnesty.v1.CaseService/Test','user:1016','',X'01',X'53594e2d4220763120726567697374657265642031',1668038400000);
INSERT INTO answers VALUES('SYN-C','amnesty.v1.CaseService/Test','user:1016','',X'02',X'53594e2d4320763120726567697374657265642031',1668038400000);
CREATE TABLE needs (
  id TEXT PRIMARY KEY CHECK (length(id) = 32),
  case_id INTEGER NOT NULL REFERENCES cases (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('employment', 'medical_care', 'documents', 'housing')),
  state TEXT NOT NULL CHECK (state IN ('open', 'in_progress', 'done', 'declined', 'cancelled')),
  responsible TEXT NOT NULL CHECK (responsible <> ''),
  due_on INTEGER NOT NULL,
  notes TEXT NOT NULL CHECK (json_valid(notes)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE TABLE propagations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  kind TEXT NOT NULL CHECK (kind IN ('conviction_removed', 'conviction_restored')),
  subscriber TEXT NOT NULL CHECK (subscriber <> ''),
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  next_attempt_at INTEGER,
  acknowledged_at INTEGER,
  last_error TEXT,
  CHECK ((acknowledged_at IS NULL) <> (next_attempt_at IS NULL))
) STRICT;
INSERT INTO propagations VALUES(1,1,'conviction_removed','court-registry',1668038400000,1,NULL,1668038400000,NULL);
INSERT INTO propagations VALUES(2,1,'conviction_removed','police-registry',1668038400000,0,1668038400000,NULL,NULL);
INSERT INTO propagations VALUES(3,1,'conviction_restored','court-registry',1668038400000,0,1668038400000,NULL,NULL);
INSERT INTO propagations VALUES(4,1,'conviction_restored','police-registry',1668038400000,0,1668038400000,NULL,NULL);
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = ''ascii'', detail = ''none'')');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'040c');
INSERT INTO search_data VALUES(10,X'000000000104040004010101020101030101040101');
INSERT INTO search_data VALUES(137438953473,X'0000001f063065726c616e0101066965726c616e010107736572696b6f7501040809');
INSERT INTO search_data VALUES(274877906945,X'0000001f063065726c616e0201066965726c616e020107736572696b6f7502040809');
INSERT INTO search_data VALUES(412316860417,X'0000001f063065726c616e0301066965726c616e030107736572696b6f7503040809');
INSERT INTO search_data VALUES(549755813889,X'0000001f063065726c616e0401066965726c616e040107736572696b6f7504040809');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
INSERT INTO search_idx VALUES(2,X'',2);
INSERT INTO search_idx VALUES(3,X'',2);
INSERT INTO search_idx VALUES(4,X'',2);
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO search_content VALUES(1,'serikou erlan ierlan');
INSERT INTO search_content VALUES(2,'serikou erlan ierlan');
INSERT INTO search_content VALUES(3,'serikou erlan ierlan');
INSERT INTO search_content VALUES(4,'serikou erlan ierlan');
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO search_docsize VALUES(1,X'03');
INSERT INTO search_docsize VALUES(2,X'03');
INSERT INTO search_docsize VALUES(3,X'03');
INSERT INTO search_docsize VALUES(4,X'03');
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('version',4);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('propagations',4);
CREATE UNIQUE INDEX authors_whole ON authors (person, principal, ifnull(actor, ''), role, office);
CREATE INDEX cases_office ON cases (office, reference);
CREATE INDEX cases_updated ON cases (updated_at, id);
CREATE INDEX cases_deadline ON cases (deadline_key, reference);
CREATE INDEX cases_work ON cases (office, detention_rank, deadline_key, reference) WHERE state NOT IN ('closed', 'withdrawn');
CREATE INDEX cases_person ON cases (person_key) WHERE person_key IS NOT NULL;
CREATE INDEX answers_at ON answers (at);
CREATE UNIQUE INDEX needs_case ON needs (case_id, kind) WHERE state <> 'cancelled';
CREATE INDEX needs_due ON needs (due_on, id);
CREATE INDEX needs_responsible ON needs (responsible, due_on, id);
CREATE INDEX propagations_due ON propagations (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE TRIGGER links_append_only BEFORE UPDATE ON links BEGIN SELECT raise(ABORT, 'links are append-only'); END;
CREATE TRIGGER links_kept BEFORE DELETE ON links BEGIN SELECT raise(ABORT, 'links are append-only'); END;
CREATE TRIGGER records_append_only BEFORE UPDATE ON records BEGIN SELECT raise(ABORT, 'record versions are append-only'); END;
CREATE TRIGGER records_kept BEFORE DELETE ON records BEGIN SELECT raise(ABORT, 'record versions are append-only'); END;
CREATE TRIGGER assessments_append_only BEFORE UPDATE ON assessments BEGIN SELECT raise(ABORT, 'assessments are append-only'); END;
CREATE TRIGGER assessments_kept BEFORE DELETE ON assessments BEGIN SELECT raise(ABORT, 'assessments are append-only'); END;
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER cases_kept BEFORE DELETE ON cases BEGIN SELECT raise(ABORT, 'cases are never deleted'); END;
PRAGMA writable_schema=OFF;
COMMIT;
