"""Who is who and what that makes them: people, audiences, goals. Plain functions, no database and no HTTP."""
