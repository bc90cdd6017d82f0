"""The documented connection strings, written out, and texts that try them."""

from hypothesis import strategies as st

from wizard.catalog.loader import load_catalog
from wizard.connection_strings.pattern import PartError, Pattern

TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)
AWKWARD = st.text(
    st.sampled_from(";=\"'{}\\aB1é漢,\u00a0\u2028# "),
    min_size=1,
    max_size=20,
)
SYNAPSE = Pattern(
    "Server=tcp:{SERVER_NAME}.database.windows.net,1433;Database={DATABASE};User ID={USERNAME}@{SERVER_NAME};"
    "Password={PASSWORD};Trusted_Connection=False;Encrypt=True;Connection Timeout=30"
)
STORAGE = Pattern("DefaultEndpointsProtocol=https;AccountName={ACCOUNT_NAME};AccountKey={ACCOUNT_KEY}", "plain")
COUCHBASE = Pattern(
    'Server={SERVER}; Port={PORT};AuthMech=1;CredString=[{"user": "{USER}", "pass":"{PASS}"}];', "plain"
)
SNOWFLAKE = Pattern(
    "jdbc:snowflake://{ACCOUNT_NAME}.snowflakecomputing.com/"
    "?user={USERNAME}&password={PASSWORD}&db={DATABASE}&warehouse={WAREHOUSE}",
    "url",
)
MYSQL = Pattern("Server={SERVER};Port={PORT};Database={DATABASE};UID={USERNAME};PWD={PASSWORD}")
ORACLE = Pattern("Host={HOST};Port={PORT};Sid={SID};User Id={USERNAME};Password={PASSWORD}")
POSTGRES = Pattern("Server={SERVER};Database={DATABASE};Port={PORT};UID={USERNAME};Password={PASSWORD}")
POSTGRES_TLS = Pattern(f"{POSTGRES.text};EncryptionMethod=1;ValidateServerCertificate=1")
SQL_SERVER = Pattern(
    "Data Source={SERVER_NAME}\\{INSTANCE_NAME};Initial Catalog={DATABASE};Integrated Security=False;"
    "User ID={USERNAME};Password={PASSWORD};"
)
GREENPLUM = Pattern("HOST={SERVER};PORT={PORT};DB={DATABASE};UID={USERNAME};PWD={PASSWORD}")
TERADATA = Pattern("DBCName={SERVER};Uid={USERNAME};Pwd={PASSWORD}")
PATTERNS = [
    SYNAPSE,
    STORAGE,
    Pattern(f"{STORAGE.text};EndpointSuffix=core.windows.net", "plain"),
    COUCHBASE,
    SNOWFLAKE,
    MYSQL,
    ORACLE,
    POSTGRES,
    POSTGRES_TLS,
    SQL_SERVER,
    GREENPLUM,
    TERADATA,
]


def catalog_patterns():
    ways = [auth for spec in load_catalog().specs for auth in spec.auth_specs]
    return [param.pattern for auth in ways for param in auth.params if param.pattern]


def parts_of(pattern):
    """Values for every part of a pattern, awkward ones among them, that can stand at their places."""

    def can_stand(part):
        def composes(text):
            try:
                return pattern.compose({part: text})
            except PartError:
                return False

        return (TEXT | AWKWARD).filter(composes)

    return st.fixed_dictionaries({part: can_stand(part) for part in pattern.placeholders})
