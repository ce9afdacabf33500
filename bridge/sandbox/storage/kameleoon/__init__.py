"""What Kameleoon keeps: messages, people, their remote data, goals and API keys."""
