"""What crawlers and finders of holes look for first: sitemap.xml, robots.txt, security.txt."""
