\getenv password DATABASE_PASSWORD
ALTER ROLE portal PASSWORD :'password';
